package io.sallyport.samples.conformance;

import java.util.List;

/** The levels of log messages, least important first. */
final class LogLevel {

    private static final List<String> LEVELS =
            List.of(
                    "debug",
                    "info",
                    "notice",
                    "warning",
                    "error",
                    "critical",
                    "alert",
                    "emergency");

    private LogLevel() {}

    static boolean isKnown(String level) {
        return LEVELS.contains(level);
    }

    /** True if who asked for {@code wanted} wants to hear {@code level}. */
    static boolean isWanted(String level, String wanted) {
        return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
    }
}
