package io.sallyport.threads;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.threads.ComputePool.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** H1: foreign data decides neither how long is computed nor who else may. */
class ComputePoolTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ComputePool pool = new ComputePool(2);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch held = new CountDownLatch(1);

    @AfterEach
    void end() {
        held.countDown();
        callers.shutdownNow();
        pool.close();
    }

    @Test
    void answersWithWhatTheWorkReturns() throws Exception {
        assertThat(pool.run("a", LONG, () -> 7)).isEqualTo(new Outcome.Done<>(7));
    }

    @Test
    void throwsWhatTheWorkThrows() {
        assertThatThrownBy(() ->
                        pool.run(
                                "a",
                                LONG,
                                () -> {
                                    throw new IllegalStateException("broken");
                                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void worksForOthersWhileOneKeyHoldsAllItMay() throws Exception {
        holdThreadsFor("hostile", 3);

        assertThat(pool.run("other", LONG, () -> "done")).isEqualTo(new Outcome.Done<>("done"));
    }

    @Test
    void tellsAKeyThatFillsItsPlacesAndNobodyElse() {
        var queue = new FairQueue(1, 2, 64);

        assertThat(List.of("hostile", "hostile", "hostile", "other"))
                .map(key -> queue.offer(new PieceOfWork<>(key, () -> key)))
                .containsExactly(true, true, false, true);
    }

    @Test
    void endsWorkThatIsOutOfTimeAndGoesOn() throws Exception {
        var stopped = new CountDownLatch(1);

        Outcome<String> outcome =
                pool.run("a", Duration.ofMillis(20), () -> spinUntilInterrupted(stopped));

        assertThat(outcome).isEqualTo(new Outcome.OutOfTime<>());
        assertThat(stopped.await(30, SECONDS)).isTrue();
        assertThat(pool.run("a", LONG, Thread.currentThread()::isInterrupted))
                .isEqualTo(new Outcome.Done<>(false));
    }

    /** A thread that waits is what a thread is whose machine works for others. */
    @Test
    void countsWhatTheThreadSpendsAndNotWhatTheMachineDoesMeanwhile() throws Exception {
        var limit = Duration.ofMillis(200);

        assertThat(pool.run("a", limit, () -> waits(limit.multipliedBy(2))))
                .isEqualTo(new Outcome.Done<>("waited"));
        assertThat(pool.run("a", limit, () -> waits(LONG))).isEqualTo(new Outcome.OutOfTime<>());
    }

    private String waits(Duration time) throws InterruptedException {
        var _ = held.await(time.toMillis(), MILLISECONDS);
        return "waited";
    }

    @Test
    void endsTheWorkOfACallerThatLeft() throws Exception {
        var begun = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        var caller =
                callers.submit(() ->
                        pool.run(
                                "a",
                                LONG,
                                () -> {
                                    begun.countDown();
                                    return spinUntilInterrupted(stopped);
                                }));
        begun.await();
        caller.cancel(true);

        assertThat(stopped.await(30, SECONDS)).isTrue();
    }

    @Test
    void givesEveryKeyItsTurn() throws Exception {
        var order = new ArrayList<String>();
        var single = new FairQueue(1, 8, 64);
        for (var key : List.of("a", "a", "a", "b", "c")) {
            single.offer(new PieceOfWork<>(key, () -> order.add(key)));
        }
        for (int at = 0; at < 5; at++) {
            var piece = single.take().orElseThrow();
            piece.run();
            single.done(piece);
        }

        assertThat(order).containsExactly("a", "b", "c", "a", "a");
    }

    @Test
    void holdsNoMoreThanItsPlacesInAll() {
        var queue = new FairQueue(1, 2, 3);

        assertThat(List.of("a", "b", "c", "d"))
                .map(key -> queue.offer(new PieceOfWork<>(key, () -> key)))
                .containsExactly(true, true, true, false);
    }

    private void holdThreadsFor(String key, int pieces) throws InterruptedException {
        var begun = new CountDownLatch(1);
        for (int at = 0; at < pieces; at++) {
            var _ =
                    callers.submit(() ->
                            pool.run(
                                    key,
                                    LONG,
                                    () -> {
                                        begun.countDown();
                                        held.await();
                                        return key;
                                    }));
        }
        begun.await();
    }

    private static String spinUntilInterrupted(CountDownLatch stopped) {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        stopped.countDown();
        return "stopped";
    }
}
