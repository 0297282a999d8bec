package io.sallyport.telemetry;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
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
 * @param components each part that must be well, and how it is
 * @param supervision the threads that must live as long as the gateway does
 */
public record Readiness(
        Supplier<Optional<String>> trouble,
        Supplier<List<String>> remarks,
        Supplier<Map<String, String>> components,
        Supervision supervision) {
    /**
     * One line for the whole, one for each remark, one for the gateway itself, for each component
     * and for each thread: its name and its state.
     */
    String report(Optional<String> found, String gateway) {
        var threads =
                supervision.states().entrySet().stream()
                        .map(Readiness::line)
                        .collect(Collectors.joining());
        var remarked = remarks.get().stream().map(it -> it + "\n").collect(Collectors.joining());
        var parts =
                components.get().entrySet().stream()
                        .map(it -> it.getKey() + " " + it.getValue() + "\n")
                        .collect(Collectors.joining());
        return found.orElse("ok") + "\n" + remarked + gateway + parts + threads;
    }

    private static String line(Map.Entry<String, SupervisedThread.State> thread) {
        return thread.getKey() + " " + thread.getValue().name().toLowerCase(Locale.ROOT) + "\n";
    }
}
