package io.sallyport.upstream.stdio;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Tells a program that hangs from one that is slow: after a call that nobody waits for any more it
 * is asked for a sign of life, and ended if it says nothing at all, not a byte (MCP 2025-11-25,
 * Ping, Timeout Considerations). It is not ended under a call that was made before and may still be
 * answered.
 */
final class Silence {
    private static final long PATIENCE_SECONDS = 15;

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(
                    PATIENCE_SECONDS, TimeUnit.SECONDS, Thread::startVirtualThread);

    private final Supplier<Set<Long>> open;
    private final Runnable end;
    private final AtomicBoolean isSuspected = new AtomicBoolean();

    /** Reads that brought something; written by the thread that reads. */
    private volatile long heard;

    /**
     * @param open ids of the calls that wait for an answer
     * @param end called if it hangs
     */
    Silence(Supplier<Set<Long>> open, Runnable end) {
        this.open = open;
        this.end = end;
    }

    /** The same stream; whatever comes of it is a sign of life. Read by one thread only. */
    InputStream broken(InputStream output) {
        return new FilterInputStream(output) {
            @Override
            public int read() throws IOException {
                return heard(super.read());
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return heard(super.read(bytes, from, length));
            }
        };
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private int heard(int read) {
        heard++;
        return read;
    }

    /** Whether to ask now for a sign of life; no other is awaited yet. */
    boolean suspected() {
        var first = isSuspected.compareAndSet(false, true);
        if (first) {
            await(heard, Set.copyOf(open.get()));
        }
        return first;
    }

    private void await(long before, Set<Long> older) {
        LATER.execute(() -> judge(before, older));
    }

    private void judge(long before, Set<Long> older) {
        if (heard != before) {
            isSuspected.set(false);
        } else if (open.get().stream().anyMatch(older::contains)) {
            await(before, older);
        } else {
            end.run();
        }
    }
}
