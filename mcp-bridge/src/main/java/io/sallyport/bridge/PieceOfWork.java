package io.sallyport.bridge;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work for the {@link ComputePool}: one thread runs it, one waits for it. */
final class PieceOfWork<T> {
    private final String key;
    private final Callable<T> work;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** Guarded by this: the thread is interrupted for this work and for no other. */
    private Optional<Thread> runner = Optional.empty();

    private boolean stopped;

    PieceOfWork(String key, Callable<T> work) {
        this.key = key;
        this.work = work;
    }

    String key() {
        return key;
    }

    /** Runs it on the calling thread; whatever it throws goes to whoever waits. */
    void run() {
        if (enter()) {
            begun.countDown();
            try {
                result.complete(work.call());
            } catch (Throwable e) { // an Error too: the thread lives on, the caller is told
                result.completeExceptionally(e);
            } finally {
                leave();
            }
        }
    }

    private synchronized boolean enter() {
        runner = Optional.of(Thread.currentThread());
        return !stopped;
    }

    private synchronized void leave() {
        runner = Optional.empty();
        Thread.interrupted(); // meant for this work
    }

    synchronized void stop() {
        stopped = true;
        runner.ifPresent(Thread::interrupt);
    }

    /** Whether it began within {@code longest}. */
    boolean awaitBegin(Duration longest) throws InterruptedException {
        return begun.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    ComputePool.Outcome<T> awaitEnd(Duration limit) throws InterruptedException {
        try {
            var value = result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new ComputePool.Outcome.Done<>(value);
        } catch (TimeoutException _) {
            return new ComputePool.Outcome.OutOfTime<>();
        } catch (ExecutionException e) {
            throw Await.unchecked(Objects.requireNonNullElse(e.getCause(), e));
        }
    }
}
