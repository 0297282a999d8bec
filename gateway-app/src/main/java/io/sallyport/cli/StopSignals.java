package io.sallyport.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM and SIGINT end the process cleanly and with 0, since that is what was asked for. Whoever
 * asks again does not want to wait: the process ends at once, as after a crash.
 */
final class StopSignals {
    /** As a shell says of what a second SIGINT ended. */
    private static final int AT_ONCE = 130;

    private static final AtomicBoolean ASKED = new AtomicBoolean();

    private StopSignals() {}

    static void heard() {
        List.of("TERM", "INT").forEach(it -> Signals.on(it, StopSignals::stop));
    }

    private static void stop() {
        if (ASKED.getAndSet(true)) {
            Runtime.getRuntime().halt(AT_ONCE);
        } else {
            System.exit(0);
        }
    }
}
