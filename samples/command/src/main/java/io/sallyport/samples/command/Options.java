package io.sallyport.samples.command;

import java.util.Map;
import java.util.Optional;

/** The options that were given, by name. */
public record Options(Map<String, String> values) {

    public Options {
        values = Map.copyOf(values);
    }

    /** Returns the value of {@code name}, or empty if the option was not given. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * The port to listen on; 0, the default, lets the system choose a free one.
     *
     * @throws UsageMistake if it is not a number between 0 and 65535
     */
    int port() throws UsageMistake {
        var text = value("--port").orElse("0");
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new UsageMistake("--port needs a number between 0 and 65535");
        }
        return Integer.parseInt(text);
    }
}
