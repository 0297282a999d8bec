package io.sallyport.bridge.session;

import java.time.Duration;

/** The moment by which everything that belongs to one request is over. */
record Deadline(long nanoTime) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** At least one millisecond, so that what is late fails as late and not as a mistake. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(nanoTime - System.nanoTime(), 1_000_000));
    }
}
