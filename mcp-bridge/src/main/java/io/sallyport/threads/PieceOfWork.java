package io.sallyport.threads;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work for the {@link ComputePool}: one thread runs it, one waits for it. Its time is what its
 * thread spends on it: how busy the machine is otherwise decides on nobody's data.
 */
final class PieceOfWork<T> {
    /** So many times its time is waited for it; then its thread gets too little, or is blocked. */
    private static final int PATIENCE = 5;

    private static final long BETWEEN_LOOKS = 1_000_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String key;
    private final Callable<T> work;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** Guarded by this: the thread is interrupted for this work and for no other. */
    private Optional<Thread> runner = Optional.empty();

    private long cpuBefore;
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
        cpuBefore = THREADS.getCurrentThreadCpuTime();
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

    /** Waits until it has ended or spent its time, but not for ever. */
    ComputePool.Outcome<T> awaitEnd(Duration limit) throws InterruptedException {
        var most = limit.multipliedBy(PATIENCE).toNanos();
        var asked = System.nanoTime();
        var left = limit.toNanos();
        while (left > 0) {
            var end = endWithin(Math.max(left, BETWEEN_LOOKS));
            if (end.isPresent()) {
                return new ComputePool.Outcome.Done<>(end.get());
            }
            left = Math.min(limit.toNanos() - spent(), most - (System.nanoTime() - asked));
        }
        return new ComputePool.Outcome.OutOfTime<>();
    }

    private Optional<T> endWithin(long nanos) throws InterruptedException {
        try {
            return Optional.of(result.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw Await.unchecked(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** Of its thread, in nanoseconds. */
    private synchronized long spent() {
        return runner.map(it -> THREADS.getThreadCpuTime(it.threadId()) - cpuBefore).orElse(0L);
    }
}
