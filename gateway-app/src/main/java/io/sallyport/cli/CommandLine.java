package io.sallyport.cli;

import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileLock;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command; what goes wrong is one line on stderr and an exit code. */
@Command(
        name = "./sallyport",
        synopsisSubcommandLabel = "COMMAND",
        description = "An MCP gateway and tool-governance control plane.",
        footer = {
            "",
            "Every command takes --help.",
            "",
            "Environment: SALLYPORT_JAVA (a JDK 25 or newer), SALLYPORT_JAVA_OPTS (more JVM flags)."
        })
public final class CommandLine {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]{0,31}");

    /** The command goes on in other threads. */
    public static final int KEEP_RUNNING = -1;

    static final int FAILED = 1;
    static final int USAGE = 2;

    private CommandLine() {}

    /** Returns the exit code, or {@link #KEEP_RUNNING}. */
    public static int run(List<String> arguments) {
        return commands().execute(arguments.toArray(String[]::new));
    }

    /**
     * All commands, those that the script runs too. Of an option that is repeated the last counts.
     */
    static picocli.CommandLine commands() {
        picocli.CommandLine.tracer().setLevel(picocli.CommandLine.TraceLevel.OFF);
        var commands = new picocli.CommandLine(new CommandLine());
        commands.addSubcommand(new DemoCommand())
                .addSubcommand(new ServeCommand())
                .addSubcommand("sample", ScriptCommands.sample())
                .addSubcommand(new AuditCommand())
                .addSubcommand(new KeysCommand())
                .addSubcommand("test", ScriptCommands.test())
                .addSubcommand("torture", ScriptCommands.torture())
                .addSubcommand(new CompletionCommand());
        commands.getCommandSpec()
                .addOption(help())
                .addOption(
                        OptionSpec.builder("--version")
                                .versionHelp(true)
                                .description("prints the version")
                                .build())
                .version(version());
        return commands.setUsageHelpWidth(100)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setParameterExceptionHandler(CommandLine::misunderstood)
                .setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
    }

    /** Of every command. */
    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("prints this")
                .build();
    }

    /** The manifest of the program tells it; classes that are not in a program have none. */
    private static String version() {
        var version = CommandLine.class.getPackage().getImplementationVersion();
        return "sallyport " + (version == null ? "(unpackaged)" : version);
    }

    private static int misunderstood(ParameterException mistake, String[] arguments) {
        var command = mistake.getCommandLine();
        if (arguments.length == 0) {
            command.usage(command.getErr());
        } else {
            complain(command, sentence(mistake) + whatThereIs(command));
        }
        return USAGE;
    }

    private static String sentence(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            var unknown = unmatched.getUnmatched().getFirst();
            return unknown.startsWith("-")
                    ? "unknown option: " + unknown.replaceFirst("(?s)=.*", "")
                    : unknown(unknown, mistake.getCommandLine());
        }
        var message = String.valueOf(mistake.getMessage()).replaceFirst("(?s) but found .*", "");
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    /** What is no word may be a value that belongs to an option, and a secret. */
    private static String unknown(String argument, picocli.CommandLine command) {
        if (command.getSubcommands().isEmpty()) {
            return command.getCommandName() + " takes nothing but options";
        }
        return WORD.matcher(argument).matches()
                ? "unknown command: " + argument
                : "one argument is neither a command nor an option";
    }

    private static String whatThereIs(picocli.CommandLine command) {
        var below = command.getSubcommands().keySet();
        var name = command.getCommandSpec().qualifiedName();
        return below.isEmpty()
                ? "; see " + name + " --help"
                : "; " + name + " has: " + String.join(", ", below);
    }

    private static int failed(Exception failure, picocli.CommandLine command) throws Exception {
        switch (failure) {
            case UsageError e -> complain(command, String.valueOf(e.getMessage()));
            case StartFailure e -> complain(command, String.valueOf(e.getMessage()));
            case InterruptedException _ -> Thread.currentThread().interrupt();
            default -> throw failure;
        }
        return failure instanceof UsageError ? USAGE : FAILED;
    }

    static void complain(picocli.CommandLine command, String sentence) {
        command.getErr().println("sallyport: " + sentence);
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
