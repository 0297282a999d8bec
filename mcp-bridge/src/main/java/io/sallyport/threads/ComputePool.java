package io.sallyport.threads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The few platform threads that compute with foreign data: judging it by a schema, vetting it,
 * comparing it. Whoever asks waits on a virtual thread, so that computing never takes the carriers
 * on which everything else runs.
 *
 * <p>Each piece of work has a key, the tenant as a rule. One key has at most half of the threads
 * and {@value #MAX_WAITING_PER_KEY} places in the queue, and keys take turns: a tenant whose data
 * is costly delays itself.
 *
 * <p>Work that is out of time, or whose caller is interrupted, is interrupted. It must ask whether
 * it is ({@code Effort} of the catalogue does) at least every few milliseconds, and give up: no
 * thread can be stopped from outside.
 */
public final class ComputePool implements AutoCloseable {
    /** Work that waits for one key: a burst, at 250 ms each answered within four seconds. */
    static final int MAX_WAITING_PER_KEY = 16;

    /** Work that waits in all; each holds a request's data, of a few megabytes at most. */
    static final int MAX_WAITING = 256;

    /** Longest wait for a thread; a client that waits longer is better told to come back. */
    static final Duration MAX_WAIT = Duration.ofSeconds(5);

    /** One key must not have them all. */
    private static final int MIN_THREADS = 2;

    private final FairQueue queue;
    private final List<Thread> threads = new ArrayList<>();

    /** How a piece of work ended. What it throws is thrown to the caller. */
    public sealed interface Outcome<T> {
        record Done<T>(T value) implements Outcome<T> {}

        /** It was stopped: it took too long. */
        record OutOfTime<T>() implements Outcome<T> {}

        /** It was never begun: too much is waiting, of this key or in all. */
        record Overloaded<T>() implements Outcome<T> {}
    }

    /** A pool of as many threads as there are processors, at least two. */
    public ComputePool() {
        this(Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors()));
    }

    ComputePool(int size) {
        this(
                "compute-",
                size,
                new FairQueue(Math.max(1, size / 2), MAX_WAITING_PER_KEY, MAX_WAITING));
    }

    /**
     * A pool whose turns are so short that one key may have all threads while nobody else waits.
     *
     * @param name how the names of its threads begin
     * @param waitingOfOne what may wait of one key
     */
    public static ComputePool ofShortTurns(String name, int size, int waitingOfOne, int waiting) {
        return new ComputePool(name, size, new FairQueue(size, waitingOfOne, waiting));
    }

    ComputePool(String name, int size, FairQueue queue) {
        this.queue = queue;
        for (int at = 0; at < size; at++) {
            threads.add(Thread.ofPlatform().daemon().name(name + at).start(this::work));
        }
    }

    /**
     * Runs {@code work} on a thread of the pool and waits for it.
     *
     * @param key whose work it is
     * @param limit longest time that its thread may spend on the work; where the machine leaves the
     *     thread little, the caller waits up to five times as long
     * @throws InterruptedException if the caller was interrupted; the work is stopped then
     */
    public <T> Outcome<T> run(String key, Duration limit, Callable<T> work)
            throws InterruptedException {
        var piece = new PieceOfWork<>(key, work);
        if (!queue.offer(piece)) {
            return new Outcome.Overloaded<>();
        }
        try {
            if (!piece.awaitBegin(MAX_WAIT) && queue.withdraw(piece)) {
                return new Outcome.Overloaded<>();
            }
            return piece.awaitEnd(limit);
        } finally {
            queue.withdraw(piece);
            piece.stop();
        }
    }

    /**
     * Has {@code work}, which must not be long, run when it is its key's turn; nobody waits for it.
     *
     * @return what takes it back if it has not begun, or empty if there was no place for it
     */
    public Optional<Runnable> hand(String key, Callable<?> work) {
        var piece = new PieceOfWork<>(key, work);
        return queue.offer(piece) ? Optional.of(() -> queue.withdraw(piece)) : Optional.empty();
    }

    private void work() {
        try {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                run(next.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the pool is closed
        }
    }

    private void run(PieceOfWork<?> piece) {
        try {
            piece.run();
        } finally {
            queue.done(piece);
        }
    }

    /** Stops what is running; nothing new is begun. */
    @Override
    public void close() {
        queue.close();
        threads.forEach(Thread::interrupt);
    }
}
