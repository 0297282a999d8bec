package io.sallyport.architecture.planted.policy;

import java.time.Clock;
import java.time.Instant;

/** Planted: this is allowed. */
final class IsHandedClock {
    private IsHandedClock() {}

    static Instant time(Clock clock) {
        return Instant.now(clock);
    }
}
