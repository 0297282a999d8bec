package io.sallyport.bridge;

import java.util.List;

/** The levels of log notifications (MCP, Logging), the most talkative first. */
public final class LogLevels {
    private static final List<String> ORDER =
            List.of(
                    "debug",
                    "info",
                    "notice",
                    "warning",
                    "error",
                    "critical",
                    "alert",
                    "emergency");

    private LogLevels() {}

    public static boolean isLevel(String text) {
        return ORDER.contains(text);
    }

    /** Whether a message of {@code level} reaches {@code threshold}; one of no known level does. */
    public static boolean reaches(String level, String threshold) {
        int rank = ORDER.indexOf(level);
        return rank < 0 || rank >= ORDER.indexOf(threshold);
    }
}
