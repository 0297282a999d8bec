package io.sallyport.architecture.planted.policy;

import java.time.Instant;

/** Planted: this must be reported. */
final class ReadsClock {
    private ReadsClock() {}

    static Instant time() {
        return Instant.now();
    }
}
