package io.sallyport.threads;

import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The clock of waits that hardly ever last to their end. To begin one and to end it before its time
 * costs an enqueue and wakes no thread; one that lasts is over at most {@value #TICK_MILLIS} ms
 * late. What happens then happens on the clock's one thread: it is short, and never waits.
 */
public final class Deadlines {
    private static final int TICK_MILLIS = 20;

    private static final HashedWheelTimer WHEEL =
            new HashedWheelTimer(
                    new DefaultThreadFactory("deadlines", true),
                    TICK_MILLIS,
                    TimeUnit.MILLISECONDS);

    private Deadlines() {}

    /** Does {@code late} when {@code time} is over, unless it is disposed of before. */
    public static Disposable after(Duration time, Runnable late) {
        return WHEEL.newTimeout(_ -> late.run(), time.toNanos(), TimeUnit.NANOSECONDS)::cancel;
    }

    /** Completes when {@code time} is over. */
    public static Mono<Void> expiry(Duration time) {
        return Mono.create(sink -> sink.onDispose(after(time, sink::success)));
    }

    /**
     * {@code future}, which completes with {@code late} if it has not when {@code time} is over.
     */
    public static <T> CompletableFuture<T> completeLate(
            CompletableFuture<T> future, T late, Duration time) {
        if (!future.isDone()) {
            var deadline = after(time, () -> future.complete(late));
            var _ = future.whenComplete((_, _) -> deadline.dispose());
        }
        return future;
    }
}
