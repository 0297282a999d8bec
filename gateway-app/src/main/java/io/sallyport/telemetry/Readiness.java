package io.sallyport.telemetry;

import io.sallyport.bridge.SupervisedThread;
import io.sallyport.bridge.Supervision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tells whether the gateway can serve now, from memory.
 *
 * @param trouble the name of what keeps calls from being recorded, if anything does
 * @param remarks names of what is wrong and keeps no call from being recorded
 * @param supervision the threads that must live as long as the gateway does
 */
public record Readiness(
        Supplier<Optional<String>> trouble,
        Supplier<List<String>> remarks,
        Supervision supervision) {
    /** One line for the whole, one for each remark, one for each thread: its name and its state. */
    String report(Optional<String> found) {
        var threads =
                supervision.states().entrySet().stream()
                        .map(Readiness::line)
                        .collect(Collectors.joining());
        var remarked = remarks.get().stream().map(it -> it + "\n").collect(Collectors.joining());
        return found.orElse("ok") + "\n" + remarked + threads;
    }

    private static String line(Map.Entry<String, SupervisedThread.State> thread) {
        return thread.getKey() + " " + thread.getValue().name().toLowerCase(Locale.ROOT) + "\n";
    }
}
