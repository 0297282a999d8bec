package io.sallyport.threads;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One piece of work whose end is known, whoever has given it up meanwhile: what it holds is free
 * once it does not run any more and never will, not when nobody waits for it any more.
 */
public final class Undertaking {
    private final Runnable over;
    private final AtomicBoolean decided = new AtomicBoolean();

    /**
     * @param over runs once: when the work has ended, or when it was given up before it began
     */
    public Undertaking(Runnable over) {
        this.over = over;
    }

    /**
     * Does the work on this thread, once at most.
     *
     * @throws CancellationException if it was given up before
     */
    public <T> T run(Supplier<T> work) {
        if (!decided.compareAndSet(false, true)) {
            throw new CancellationException("given up before it began");
        }
        try {
            return work.get();
        } finally {
            over.run();
        }
    }

    /** If it has not begun, it never will. What has begun ends by itself. */
    public void giveUp() {
        if (decided.compareAndSet(false, true)) {
            over.run();
        }
    }
}
