package io.sallyport.upstream.wire;

import java.time.Duration;

/** The moment by which everything that belongs to one request is over. */
public record Deadline(long nanoTime) {
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** At least one millisecond, so that what is late fails as late and not as a mistake. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(nanoTime - System.nanoTime(), 1_000_000));
    }

    boolean isAfter(Deadline other) {
        return nanoTime - other.nanoTime > 0;
    }

    Deadline orEarlier(Deadline other) {
        return isAfter(other) ? other : this;
    }

    /** Whether there is still that much time. */
    public boolean allows(Duration time) {
        return nanoTime - System.nanoTime() > time.toNanos();
    }
}
