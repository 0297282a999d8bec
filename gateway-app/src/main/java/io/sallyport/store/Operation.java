package io.sallyport.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import reactor.core.scheduler.Schedulers;

/**
 * A whole operation on the database, on a virtual thread of its own that nobody interrupts. An
 * interrupt that meets a virtual thread in the middle of an answer closes its socket: the
 * connection is lost, and nobody knows what became of the transaction. So clients may interrupt
 * those who wait here, and never those who work.
 */
final class Operation {
    private static final ScopedValue<Boolean> UNDER_WAY = ScopedValue.newInstance();

    private Operation() {}

    /**
     * Runs the work and waits until it has ended, even if the waiting thread is interrupted; that
     * thread stays interrupted. Work within work is part of it, on the same thread and in the same
     * transaction. How long it takes is bounded by the pool and by the time for an answer.
     */
    static <T> T run(Supplier<T> work) {
        return UNDER_WAY.isBound() ? work.get() : apart(work);
    }

    private static <T> T apart(Supplier<T> work) {
        requireThreadThatMayWait();
        try {
            return CompletableFuture.supplyAsync(
                            () -> ScopedValue.where(UNDER_WAY, true).call(work::get),
                            Operation::start)
                    .join();
        } catch (CompletionException e) {
            throw unchecked(e);
        }
    }

    private static void start(Runnable work) {
        Thread.ofVirtual().name("store-operation").start(work);
    }

    /** What the work itself has thrown. */
    private static RuntimeException unchecked(CompletionException wrapped) {
        return switch (wrapped.getCause()) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> wrapped;
        };
    }

    /**
     * Keeps virtual threads, which may be interrupted, away from connections, and event loops from
     * whatever waits for a database.
     */
    static void require() {
        requireThreadThatMayWait();
        if (Thread.currentThread().isVirtual() && !UNDER_WAY.isBound()) {
            throw new IllegalStateException("no operation is under way");
        }
    }

    private static void requireThreadThatMayWait() {
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException("an event loop must not wait for the database");
        }
    }
}
