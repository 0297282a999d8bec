package io.sallyport.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code completion}: what teaches a shell the commands and options. */
@Command(
        name = "completion",
        description = "Prints what teaches bash and zsh to complete commands and options.",
        footer = {"", "In bash and zsh: source <(./sallyport completion)"})
final class CompletionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        CommandLine.out().print(script());
        return 0;
    }

    static String script() {
        return AutoComplete.bash("sallyport", CommandLine.commands());
    }
}
