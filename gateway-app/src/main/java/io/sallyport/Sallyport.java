package io.sallyport;

import io.sallyport.cli.CommandLine;
import java.util.List;

/** The program. */
public final class Sallyport {
    private Sallyport() {}

    public static void main(String[] arguments) {
        var status = CommandLine.run(List.of(arguments));
        if (status != CommandLine.KEEP_RUNNING) {
            CommandLine.finishLog();
            System.exit(status);
        }
    }
}
