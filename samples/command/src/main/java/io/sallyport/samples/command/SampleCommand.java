package io.sallyport.samples.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.concurrent.CountDownLatch;

/** Starts one sample the way its command line asks for. */
public final class SampleCommand {

    /** Exit code when the sample could not start, for example because its port is taken. */
    static final int CANNOT_START = 1;

    /** Exit code when the command line makes no sense. */
    static final int USAGE = 2;

    private final CommandLine commandLine;
    private final Launcher launcher;

    public SampleCommand(CommandLine commandLine, Launcher launcher) {
        this.commandLine = commandLine;
        this.launcher = launcher;
    }

    /** How the sample itself is started. */
    @FunctionalInterface
    public interface Launcher {

        /**
         * Starts listening on {@code port} of 127.0.0.1; 0 means any free port.
         *
         * @throws BindException if the port is taken
         * @throws UsageMistake if an option's value makes no sense
         */
        Listening launch(int port, Options options) throws IOException, UsageMistake;
    }

    /** What became of a command line. */
    sealed interface Launch {

        /** The sample runs until it is closed. */
        record Running(Listening sample) implements Launch {}

        /** There is nothing to run; the process ends with {@code exitCode}. */
        record Ended(int exitCode) implements Launch {}
    }

    /** Runs until the process is told to stop. Does not return: the exit code says why. */
    public void run(String[] args) throws InterruptedException {
        switch (launch(args, System.out, System.err)) {
            case Launch.Ended(int exitCode) -> System.exit(exitCode);
            case Launch.Running(Listening sample) -> {
                Runtime.getRuntime().addShutdownHook(new Thread(sample::close, "stop"));
                new CountDownLatch(1).await();
            }
        }
    }

    Launch launch(String[] args, PrintStream out, PrintStream err) {
        if (CommandLine.asksForHelp(args)) {
            out.print(commandLine.help());
            return new Launch.Ended(0);
        }
        try {
            return start(commandLine.read(args), out, err);
        } catch (UsageMistake mistake) {
            return end(err, mistake.getMessage() + " (--help lists the options)", USAGE);
        }
    }

    private Launch start(Options options, PrintStream out, PrintStream err) throws UsageMistake {
        int port = options.port();
        try {
            var sample = launcher.launch(port, options);
            out.println("listening on " + sample.endpoint());
            out.flush();
            return new Launch.Running(sample);
        } catch (BindException taken) {
            return end(err, "port " + port + " of 127.0.0.1 is taken", CANNOT_START);
        } catch (IOException broken) {
            var kind = broken.getClass().getSimpleName();
            return end(err, "cannot start (" + kind + ")", CANNOT_START);
        }
    }

    private Launch end(PrintStream err, String line, int exitCode) {
        err.println(commandLine.program() + ": " + line);
        return new Launch.Ended(exitCode);
    }
}
