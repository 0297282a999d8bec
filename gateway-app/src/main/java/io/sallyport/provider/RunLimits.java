package io.sallyport.provider;

import java.time.Duration;

/**
 * Limits of one chat run.
 *
 * @param rounds model answers before the run is cut off, default 10, at most 25
 * @param callsPerRun tool calls of a whole run, default 32
 * @param callsPerRound tool calls of one round, default 16
 * @param callTimeout longest time one tool may take, default 30 s, at most 120 s
 * @param runTimeout longest time of a whole run, default 300 s
 * @param resultBytes bytes of one tool result that reach the model, default 64 KiB
 * @param runResultBytes bytes of all tool results that reach the model, default 256 KiB
 */
public record RunLimits(
        int rounds,
        int callsPerRun,
        int callsPerRound,
        Duration callTimeout,
        Duration runTimeout,
        int resultBytes,
        int runResultBytes) {
    public static final RunLimits DEFAULT =
            new RunLimits(
                    10,
                    32,
                    16,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(300),
                    64 * 1024,
                    256 * 1024);
}
