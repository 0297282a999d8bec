package io.sallyport.tenant;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is worked out by whoever asks first; those who ask meanwhile wait for it. What could not be
 * worked out is tried again by whoever asks later.
 */
public final class Once<V> {
    /** For what another has begun: a place in the pool's queue, and its work. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    private volatile Optional<V> known = Optional.empty();

    /** Guarded by this. */
    private Optional<CompletableFuture<Optional<V>>> begun = Optional.empty();

    /** How it is worked out; empty if that is to be tried again. */
    @FunctionalInterface
    public interface Work<V> {
        Optional<V> run() throws InterruptedException;
    }

    /** What was worked out already. */
    public Optional<V> known() {
        return known;
    }

    /** Empty if it was not begun, or takes too long. What {@code work} throws is thrown here. */
    public Optional<V> of(Work<V> work) throws InterruptedException {
        while (known.isEmpty()) {
            var mine = new CompletableFuture<Optional<V>>();
            var other = begin(mine);
            if (other.isEmpty()) {
                return done(mine, work);
            }
            try {
                return other.get().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (CancellationException _) {
                // whoever began it went away: the next turn begins it anew
            } catch (TimeoutException _) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody completes it so", e);
            }
        }
        return known;
    }

    private synchronized Optional<CompletableFuture<Optional<V>>> begin(
            CompletableFuture<Optional<V>> mine) {
        if (known.isPresent()) {
            return Optional.of(CompletableFuture.completedFuture(known));
        }
        var other = begun;
        if (other.isEmpty()) {
            begun = Optional.of(mine);
        }
        return other;
    }

    private Optional<V> done(CompletableFuture<Optional<V>> mine, Work<V> work)
            throws InterruptedException {
        try {
            var value = work.run();
            end(value);
            mine.complete(value);
            return value;
        } finally {
            if (!mine.isDone()) {
                end(Optional.empty());
                mine.cancel(false);
            }
        }
    }

    private synchronized void end(Optional<V> value) {
        known = value;
        begun = Optional.empty();
    }
}
