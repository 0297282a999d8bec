package io.sallyport.upstream.wire;

import java.util.concurrent.TimeUnit;

/** How much of what a server tells is passed on: more than a person or a client can follow. */
final class Pace {
    private static final int MOST_PER_SECOND = 1_000;

    private long second = System.nanoTime(); // guarded by this, as is what was heard in it
    private int heard;

    /** Whether one more may be passed on; what is beyond is dropped. */
    synchronized boolean allows() {
        long now = System.nanoTime();
        if (now - second >= TimeUnit.SECONDS.toNanos(1)) {
            second = now;
            heard = 0;
        }
        return ++heard <= MOST_PER_SECOND;
    }
}
