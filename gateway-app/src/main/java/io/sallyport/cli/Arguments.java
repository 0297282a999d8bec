package io.sallyport.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Options of one command: flags stand alone, every other option has a value. */
final class Arguments {
    private record Option(String name, String value) {}

    private final List<Option> options = new ArrayList<>();
    private final Set<String> flags;
    private final Set<String> valued;

    private Arguments(Set<String> flags, Set<String> valued) {
        this.flags = flags;
        this.valued = valued;
    }

    static Arguments read(List<String> arguments, Set<String> flags, Set<String> valued) {
        var read = new Arguments(flags, valued);
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            read.take(rest.next(), rest);
        }
        return read;
    }

    private void take(String argument, java.util.Iterator<String> rest) {
        var equals = argument.indexOf('=');
        var name = equals < 0 ? argument : argument.substring(0, equals);
        if (flags.contains(argument)) {
            options.add(new Option(argument, ""));
        } else if (!valued.contains(name)) {
            throw new UsageError("unknown option: " + name);
        } else if (equals >= 0) {
            options.add(new Option(name, argument.substring(equals + 1)));
        } else if (rest.hasNext()) {
            options.add(new Option(name, rest.next()));
        } else {
            throw new UsageError(name + " needs a value");
        }
    }

    boolean has(String flag) {
        return options.stream().anyMatch(it -> it.name().equals(flag));
    }

    Optional<String> value(String name) {
        return values(name).stream().reduce((_, last) -> last);
    }

    List<String> values(String name) {
        return options.stream().filter(it -> it.name().equals(name)).map(Option::value).toList();
    }

    int port(String name, int absent) {
        var text = value(name).orElse(Integer.toString(absent));
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new UsageError(name + " must be a port, 0 to 65535");
        }
        return Integer.parseInt(text);
    }
}
