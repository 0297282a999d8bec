package io.sallyport.threads;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;

/**
 * Turns a blocking producer into a Flux: never ahead of demand, interrupted when the subscriber
 * leaves or the time is over. A producer that misses the interrupt is told again with its next
 * item, so that none outlives its subscriber for longer than it takes to make one.
 */
public final class BlockingFlux {
    private BlockingFlux() {}

    /**
     * Runs {@code producer} on one thread of {@code threads} for every subscriber. Its failure is
     * the Flux's.
     */
    public static <T> Flux<T> from(ExecutorService threads, Producer<T> producer) {
        return Flux.create(
                sink -> start(threads, producer, new Production<>(sink)), OverflowStrategy.ERROR);
    }

    /**
     * The same within {@code limit}, waiting for the subscriber included: then the producer is
     * interrupted, and the Flux fails with a {@link TimeoutException}.
     */
    public static <T> Flux<T> from(ExecutorService threads, Duration limit, Producer<T> producer) {
        return Flux.create(
                sink -> {
                    var production = new Production<T>(sink);
                    production.endAfter(limit);
                    start(threads, producer, production);
                },
                OverflowStrategy.ERROR);
    }

    private static <T> void start(
            ExecutorService threads, Producer<T> producer, Production<T> production) {
        production.running(threads.submit(() -> production.run(producer)));
    }

    /** One run of a producer. It has one end: its own, the subscriber's, or that of its time. */
    private static final class Production<T> implements Producer.Emitter<T> {
        private final FluxSink<T> sink;
        private final Object demand = new Object();
        private final Disposable.Composite held = Disposables.composite();
        private volatile boolean ended;

        Production(FluxSink<T> sink) {
            this.sink = sink;
            sink.onRequest(_ -> wake());
            sink.onDispose(this::end);
        }

        private void end() {
            ended = true;
            held.dispose();
            wake();
        }

        void endAfter(Duration limit) {
            held.add(Deadlines.after(limit, this::expire));
        }

        private void expire() {
            sink.error(new TimeoutException("the producer's time is over"));
        }

        /** What is added after the end is disposed of at once. */
        void running(Future<?> thread) {
            held.add(() -> thread.cancel(true));
        }

        void run(Producer<T> producer) {
            try {
                producer.produce(this);
                sink.complete();
            } catch (Throwable e) {
                fail(e);
            }
        }

        /** After the end nobody is told: the end is what the producer failed for. */
        private void fail(Throwable failure) {
            if (!(ended && failure instanceof InterruptedException)) {
                sink.error(failure);
            }
        }

        @Override
        public void emit(T item) throws InterruptedException {
            synchronized (demand) {
                while (!ended && sink.requestedFromDownstream() == 0) {
                    demand.wait();
                }
            }
            if (ended) {
                throw new InterruptedException("nobody waits for the item");
            }
            sink.next(item);
        }

        private void wake() {
            synchronized (demand) {
                demand.notifyAll();
            }
        }
    }
}
