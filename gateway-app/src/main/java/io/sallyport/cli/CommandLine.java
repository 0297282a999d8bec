package io.sallyport.cli;

import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileLock;
import java.util.List;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/** Runs one command; what goes wrong is one line on stderr and an exit code. */
public final class CommandLine {
    /** The command goes on in other threads. */
    public static final int KEEP_RUNNING = -1;

    static final int FAILED = 1;
    static final int USAGE = 2;

    private static final String HELP =
            """
            Usage: sallyport COMMAND [ARGUMENTS]

              serve [--dev] [--port 8080] [--data ./data]
                    [--profiles FILE]   programs that may be started as MCP servers; must be yours
                    [--database-url URL --database-user USER]   password in SALLYPORT_DATABASE_PASSWORD
              demo [--keep]
              audit verify [--data DIR | --export FILE] [--checkpoint FILE]... [--all | --log LOG]
                           [--key VKEY] [--require-payloads]
              audit export [--data DIR] --log LOG [--payloads]
              keys bootstrap [--data DIR] [--owner user:NAME]

            Every command takes --help. Outside --dev, SALLYPORT_SEAL_KEY (64 hex digits) is required.
            """;

    private CommandLine() {}

    /** Returns the exit code, or {@link #KEEP_RUNNING}. */
    public static int run(List<String> arguments) {
        try {
            return dispatch(arguments);
        } catch (UsageError | StartFailure e) {
            complain(String.valueOf(e.getMessage()));
            return e instanceof UsageError ? USAGE : FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static int dispatch(List<String> arguments) throws InterruptedException {
        if (arguments.isEmpty() || arguments.contains("--help")) {
            out().print(HELP);
            return arguments.isEmpty() ? USAGE : 0;
        }
        var rest = arguments.subList(1, arguments.size());
        return switch (arguments.getFirst()) {
            case "serve" -> ServeCommand.run(rest);
            case "demo" -> DemoCommand.run(rest);
            case "audit" -> AuditCommand.run(rest);
            case "keys" -> KeysCommand.run(rest);
            default -> throw new UsageError("unknown command: " + arguments.getFirst());
        };
    }

    static void complain(String sentence) {
        System.err.println("sallyport: " + sentence);
    }

    /** Gives a data folder back. */
    static void release(FileLock lock) {
        try {
            lock.channel().close();
        } catch (IOException _) {
            // the lock goes with the process
        }
    }

    /**
     * Records are lines in the log of a gateway that serves, and no part of what a command says.
     */
    static void keepRecordsOutOfTheLog() {
        System.setProperty("sallyport.log.records", "OFF"); // read by logback.xml
    }

    /**
     * Sets the log up, before there are threads: the framework would do so again while they write,
     * and what they wrote meanwhile would be lost with a complaint of the library.
     */
    static void beginLog() {
        var logging = LoggingSystem.get(CommandLine.class.getClassLoader());
        logging.beforeInitialize();
        logging.initialize(
                new LoggingInitializationContext(new StandardEnvironment()),
                System.getProperty("logging.config"),
                null);
    }

    /** Lines are written by a thread of their own: those that wait are, before the process ends. */
    public static void finishLog() {
        var end = LoggingSystem.get(CommandLine.class.getClassLoader()).getShutdownHandler();
        if (end != null) {
            end.run();
        }
    }

    static PrintStream out() {
        return System.out;
    }
}
