package io.sallyport.catalog;

import java.time.Duration;
import java.util.Map;

/**
 * How long the calls of a server may take, unless progress that rises gives them more.
 *
 * @param each of what has no time of its own
 * @param tools of single tools, by the server's names for them
 */
public record CallTimes(Duration each, Map<String, Duration> tools) {
    /** No call takes longer, whatever is configured and whatever progress there is. */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    public static final CallTimes STANDARD = new CallTimes(Duration.ofSeconds(30), Map.of());

    public CallTimes {
        tools = Map.copyOf(tools);
    }

    /** Of a call of that tool. */
    public Duration of(String tool) {
        return tools.getOrDefault(tool, each);
    }
}
