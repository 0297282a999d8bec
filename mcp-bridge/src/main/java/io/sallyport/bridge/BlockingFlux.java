package io.sallyport.bridge;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;

/** Turns a blocking producer into a Flux: never ahead of demand, interrupted on cancellation. */
public final class BlockingFlux {
    private BlockingFlux() {}

    /**
     * Runs {@code producer} on one thread of {@code threads} for every subscriber. Its failure is
     * the Flux's.
     */
    public static <T> Flux<T> from(ExecutorService threads, Producer<T> producer) {
        return Flux.create(sink -> start(threads, producer, sink), OverflowStrategy.ERROR);
    }

    private static <T> void start(ExecutorService threads, Producer<T> producer, FluxSink<T> sink) {
        var demand = new Object();
        sink.onRequest(_ -> wake(demand));
        Future<?> running = threads.submit(() -> run(producer, sink, demand));
        sink.onDispose(() -> running.cancel(true));
    }

    private static <T> void run(Producer<T> producer, FluxSink<T> sink, Object demand) {
        try {
            producer.produce(item -> emit(sink, item, demand));
            sink.complete();
        } catch (Throwable e) {
            fail(sink, e);
        }
    }

    private static void fail(FluxSink<?> sink, Throwable failure) {
        if (failure instanceof InterruptedException && sink.isCancelled()) {
            return; // the subscriber left, and that is what interrupted the producer
        }
        sink.error(failure);
    }

    private static <T> void emit(FluxSink<T> sink, T item, Object demand)
            throws InterruptedException {
        synchronized (demand) {
            while (sink.requestedFromDownstream() == 0) {
                demand.wait();
            }
        }
        sink.next(item);
    }

    private static void wake(Object demand) {
        synchronized (demand) {
            demand.notifyAll();
        }
    }
}
