package io.sallyport.telemetry;

import io.sallyport.bridge.SupervisedThread;
import io.sallyport.bridge.Supervision;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tells whether the gateway can serve now, from memory.
 *
 * @param trouble the name of what keeps calls from being recorded, if anything does
 * @param supervision the threads that must live as long as the gateway does
 */
public record Readiness(Supplier<Optional<String>> trouble, Supervision supervision) {
    /** One line for the whole, then one for each thread: its name and its state. */
    String report(Optional<String> found) {
        var threads =
                supervision.states().entrySet().stream()
                        .map(Readiness::line)
                        .collect(Collectors.joining());
        return found.orElse("ok") + "\n" + threads;
    }

    private static String line(Map.Entry<String, SupervisedThread.State> thread) {
        return thread.getKey() + " " + thread.getValue().name().toLowerCase(Locale.ROOT) + "\n";
    }
}
