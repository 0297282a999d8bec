package io.sallyport.samples.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * Starts one sample the way its command line asks for. The command of a sample adds its own
 * options, and a {@code @Command} whose name stands in front of every mistake.
 */
public abstract class SampleCommand {

    /** Exit code when the sample could not start, for example because its port is taken. */
    static final int CANNOT_START = 1;

    /** Exit code when the command line makes no sense. */
    static final int USAGE = 2;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "port on 127.0.0.1, default 0: any free one",
            defaultValue = "0",
            converter = PortNumber.class)
    private int port;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "prints this")
    private boolean isHelpAsked;

    /**
     * Starts listening on {@code port} of 127.0.0.1; 0 means any free port.
     *
     * @throws BindException if the port is taken
     */
    protected abstract Listening launch(int port) throws IOException;

    /** What became of a command line. */
    sealed interface Launch {

        /** The sample runs until it is closed. */
        record Running(Listening sample) implements Launch {}

        /** There is nothing to run; the process ends with {@code exitCode}. */
        record Ended(int exitCode) implements Launch {}
    }

    /** Runs until the process is told to stop. Does not return: the exit code says why. */
    public final void run(String[] args) throws InterruptedException {
        switch (launch(args, System.out, System.err)) {
            case Launch.Ended(int exitCode) -> System.exit(exitCode);
            case Launch.Running(Listening sample) -> {
                Runtime.getRuntime().addShutdownHook(new Thread(sample::close, "stop"));
                new CountDownLatch(1).await();
            }
        }
    }

    final Launch launch(String[] args, PrintStream out, PrintStream err) {
        var command = new CommandLine(this).setExpandAtFiles(false);
        try {
            command.parseArgs(args);
        } catch (ParameterException mistake) {
            return end(err, sentence(mistake) + " (--help lists the options)", USAGE);
        }
        if (isHelpAsked) {
            command.setCommandName("./sallyport sample " + command.getCommandName()).usage(out);
            return new Launch.Ended(0);
        }
        return start(out, err);
    }

    private static String sentence(ParameterException mistake) {
        var message = String.valueOf(mistake.getMessage());
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private Launch start(PrintStream out, PrintStream err) {
        try {
            var sample = launch(port);
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
        err.println(new CommandLine(this).getCommandName() + ": " + line);
        return new Launch.Ended(exitCode);
    }

    /** A port, or 0. */
    static final class PortNumber implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
                throw new TypeConversionException("must be a number between 0 and 65535");
            }
            return Integer.parseInt(text);
        }
    }
}
