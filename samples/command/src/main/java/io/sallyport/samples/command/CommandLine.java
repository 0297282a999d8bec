package io.sallyport.samples.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a sample's command line may say. {@code --port} and {@code --help} are always understood.
 *
 * @param program the name shown in the help and in front of every mistake
 * @param purpose one sentence for the help
 * @param options what this sample understands besides {@code --port}
 */
public record CommandLine(String program, String purpose, List<Option> options) {

    private static final Option PORT =
            new Option("--port", "N", "port on 127.0.0.1, default 0: any free port");

    public CommandLine {
        options = Stream.concat(Stream.of(PORT), options.stream()).toList();
    }

    static boolean asksForHelp(String[] args) {
        return List.of(args).contains("--help");
    }

    String help() {
        var synopsis =
                options.stream().map(o -> "[" + o.usage() + "]").collect(Collectors.joining(" "));
        var lines =
                options.stream()
                        .map(o -> "  %-20s %s%n".formatted(o.usage(), o.meaning()))
                        .collect(Collectors.joining());
        return "usage: %s %s%n%s%n%s".formatted(program, synopsis, purpose, lines);
    }

    /**
     * Reads {@code args}: pairs of a known option and its value, each option once.
     *
     * @throws UsageMistake for anything else
     */
    Options read(String[] args) throws UsageMistake {
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < args.length; i += 2) {
            var name = known(args[i]).name();
            if (i + 1 == args.length) {
                throw new UsageMistake(name + " needs a value");
            }
            if (values.put(name, args[i + 1]) != null) {
                throw new UsageMistake(name + " is given twice");
            }
        }
        return new Options(values);
    }

    private Option known(String argument) throws UsageMistake {
        Optional<Option> option =
                options.stream().filter(o -> o.name().equals(argument)).findFirst();
        return option.orElseThrow(() -> new UsageMistake("unknown option " + argument));
    }
}
