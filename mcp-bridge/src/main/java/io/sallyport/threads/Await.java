package io.sallyport.threads;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Waits on a virtual thread for what is on the wire. The only place that does. */
public final class Await {
    private Await() {}

    /**
     * The one item of {@code mono}, or its failure. An interrupt cancels it.
     *
     * @throws NoSuchElementException if it ends without an item
     */
    public static <T> T one(Mono<T> mono) throws InterruptedException {
        var future = mono.single().toFuture();
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw unchecked(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** Lets {@code mono} happen without waiting; whether it succeeds makes no difference. */
    public static void nothing(Mono<?> mono) {
        mono.onErrorComplete().subscribe();
    }

    static RuntimeException unchecked(Throwable cause) {
        return switch (cause) {
            case RuntimeException broken -> broken;
            case Error error -> throw error;
            case Throwable other -> new IllegalStateException("wire failed", other);
        };
    }

    /**
     * Opens {@code flux} for reading item by item on a virtual thread. At most {@code prefetch}
     * items wait to be read, so that a slow reader slows the wire down.
     */
    public static <T> Items<T> items(Flux<T> flux, int prefetch) {
        return new Items<>(flux.materialize().toStream(prefetch));
    }

    /** The items of a flux, for one reading thread. Closing before the end cancels the flux. */
    public static final class Items<T> implements AutoCloseable {
        private final Stream<Signal<T>> stream;
        private final Iterator<Signal<T>> iterator;

        private Items(Stream<Signal<T>> stream) {
            this.stream = stream;
            iterator = stream.iterator();
        }

        /**
         * The next item, empty at the end; or the failure of the flux, after the items before it.
         * An interrupt cancels it.
         */
        public Optional<T> next() throws InterruptedException {
            var signal = signal();
            if (signal.isPresent() && signal.get().isOnError()) {
                throw unchecked(Objects.requireNonNull(signal.get().getThrowable()));
            }
            return signal.flatMap(it -> Optional.ofNullable(it.get()));
        }

        private Optional<Signal<T>> signal() throws InterruptedException {
            try {
                return iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
            } catch (RuntimeException e) {
                if (e.getCause() instanceof InterruptedException interrupted) {
                    throw interrupted; // Reactor wraps it
                }
                throw e;
            }
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
