package io.sallyport.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

@Timeout(20)
class BlockingFluxTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void handsOverEverythingInOrderAndEnds() throws Exception {
        var flux = BlockingFlux.<Integer>from(threads, BlockingFluxTest::countToThousand);
        assertThat(Await.one(flux.collectList())).hasSize(1_000).isSorted();
    }

    private static void countToThousand(Producer.Emitter<Integer> emitter)
            throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            emitter.emit(i);
        }
    }

    @Test
    void runsTheProducerForEverySubscriber() throws Exception {
        var runs = new AtomicInteger();
        var flux =
                BlockingFlux.<Integer>from(
                        threads, emitter -> emitter.emit(runs.incrementAndGet()));
        assertThat(runs).hasValue(0);
        assertThat(Await.one(flux.collectList())).isEqualTo(List.of(1));
        assertThat(Await.one(flux.collectList())).isEqualTo(List.of(2));
    }

    @Test
    void neverGoesAheadOfDemand() throws Exception {
        var producing = new LinkedBlockingQueue<Thread>();
        var subscriber = new Slow();
        BlockingFlux.<Integer>from(threads, emitter -> countForever(emitter, producing))
                .subscribe(subscriber);
        var producer = producing.take();
        awaitBlocked(producer);
        assertThat(subscriber.items).isEmpty();
        for (int wanted = 1; wanted <= 20; wanted++) {
            subscriber.request(1);
            assertThat(subscriber.items.poll(10, TimeUnit.SECONDS)).isEqualTo(wanted);
            awaitBlocked(producer);
            assertThat(subscriber.items).isEmpty();
        }
        subscriber.cancel();
    }

    private static void countForever(
            Producer.Emitter<Integer> emitter, BlockingQueue<Thread> producing)
            throws InterruptedException {
        producing.put(Thread.currentThread());
        for (int i = 1; true; i++) {
            emitter.emit(i);
        }
    }

    private static void awaitBlocked(Thread thread) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void passesTheFailureOnAfterTheItemsBeforeIt() throws Exception {
        var failure = new IOException("test");
        var flux =
                BlockingFlux.<String>from(
                        threads,
                        emitter -> {
                            emitter.emit("a");
                            throw failure;
                        });
        var signals = Await.one(flux.materialize().collectList());
        assertThat(signals).hasSize(2);
        assertThat(signals.getFirst().get()).isEqualTo("a");
        assertThat(signals.getLast().getThrowable()).isSameAs(failure);
    }

    @Test
    void passesAnErrorOn() {
        var error = new AssertionError("test");
        Flux<String> flux =
                BlockingFlux.from(
                        threads,
                        _ -> {
                            throw error;
                        });
        assertThatThrownBy(() -> Await.one(flux.collectList())).isSameAs(error);
    }

    @Test
    void passesAnInterruptOnThatTheSubscriberDidNotCause() {
        Flux<String> flux =
                BlockingFlux.from(
                        threads,
                        _ -> {
                            throw new InterruptedException("shutting down");
                        });
        assertThatThrownBy(() -> Await.one(flux.collectList()))
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void failsWhereNoThreadIsToBeHad() {
        threads.shutdown();
        var flux = BlockingFlux.<String>from(threads, emitter -> emitter.emit("a"));
        assertThatThrownBy(() -> Await.one(flux.collectList()))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void interruptsAProducerWhoseSubscriberLeft() throws Exception {
        var waiting = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var subscriber = new Slow();
        BlockingFlux.<Integer>from(threads, _ -> waitFor(waiting, interrupted))
                .subscribe(subscriber);
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        subscriber.cancel();
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void waitFor(CountDownLatch waiting, CountDownLatch interrupted) {
        waiting.countDown();
        try {
            new CountDownLatch(1).await(15, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            interrupted.countDown();
        }
    }

    @Test
    void interruptsAProducerThatWaitsForDemand() throws Exception {
        var producing = new LinkedBlockingQueue<Thread>();
        var subscriber = new Slow();
        BlockingFlux.<Integer>from(threads, emitter -> countForever(emitter, producing))
                .subscribe(subscriber);
        var producer = producing.take();
        awaitBlocked(producer);
        subscriber.cancel();
        producer.join(java.time.Duration.ofSeconds(10));
        assertThat(producer.isAlive()).isFalse();
    }

    /** R2: a producer that swallows its interrupt does not wait for demand that never comes. */
    @Test
    void endsAProducerThatMissedTheInterruptWithItsNextItem() throws Exception {
        var waiting = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var subscriber = new Slow();
        BlockingFlux.<Integer>from(
                        threads,
                        emitter -> {
                            waitFor(waiting, interrupted);
                            try {
                                emitter.emit(1);
                            } finally {
                                ended.countDown();
                            }
                        })
                .subscribe(subscriber);
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        subscriber.cancel();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** R2: whoever is never asked waits no longer than its time. */
    @Test
    void endsWithItsTimeWhoeverItWaitsFor() throws Exception {
        var producing = new LinkedBlockingQueue<Thread>();
        var failed = new CountDownLatch(1);
        BlockingFlux.<Integer>from(
                        threads,
                        Duration.ofMillis(200),
                        emitter -> countForever(emitter, producing))
                .doOnError(TimeoutException.class, _ -> failed.countDown())
                .subscribe(new Slow());
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        var producer = producing.take();
        producer.join(Duration.ofSeconds(10));
        assertThat(producer.isAlive()).isFalse();
    }

    /** R2. */
    @Test
    void leavesNoThreadWhereverTheSubscriberLeaves() throws Exception {
        for (int turn = 0; turn < 2_000; turn++) {
            var subscriber = new Slow();
            var flux =
                    BlockingFlux.<Integer>from(
                            threads, it -> countForever(it, new LinkedBlockingQueue<>()));
            threads.execute(subscriber::cancel);
            flux.subscribe(subscriber);
            if (turn % 3 > 0) {
                subscriber.request(turn % 3);
            }
            subscriber.cancel();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Asks for nothing by itself. */
    private static final class Slow extends BaseSubscriber<Integer> {
        private final BlockingQueue<Integer> items = new LinkedBlockingQueue<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // the test asks
        }

        @Override
        protected void hookOnError(Throwable failure) {
            // seen by the test
        }

        @Override
        protected void hookOnNext(Integer item) {
            items.add(item);
        }
    }
}
