package io.sallyport.upstream.session;

import java.util.concurrent.atomic.AtomicInteger;

/** How many requests are under way in a session, and since when none is. */
final class Activity {
    private final AtomicInteger running = new AtomicInteger();
    private volatile long idleSince = System.nanoTime();

    void begin() {
        running.incrementAndGet();
    }

    void end() {
        idleSince = System.nanoTime();
        running.decrementAndGet();
    }

    boolean isOver() {
        return running.get() == 0;
    }

    /** In nanoseconds of {@link System#nanoTime}. */
    long idleSince() {
        return idleSince;
    }
}
