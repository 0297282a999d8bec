package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** H3. */
class SupervisedThreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Supervision supervision = new Supervision();
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch forever = new CountDownLatch(1);

    private void failOrReturn() throws InterruptedException {
        switch (begun.incrementAndGet()) {
            case 1 -> throw new OutOfMemoryError("planted");
            case 2 -> throw new IllegalStateException("planted");
            case 3 -> throw new InterruptedException("nobody said stop");
            case 4 -> {}
            default -> forever.await();
        }
    }

    @Test
    void workThatFailsWithAnErrorOrReturnsIsBegunAgain() throws InterruptedException {
        var thread = supervision.platform("keeper", this::failOrReturn);
        thread.start();
        await().atMost(PATIENCE).until(() -> begun.get() == 5);

        assertThat(supervision.states()).containsEntry("keeper", SupervisedThread.State.RUNNING);
        thread.stop();
        assertThat(thread.join(PATIENCE)).isTrue();
        assertThat(supervision.states()).isEmpty();
    }

    @Test
    void aThreadThatFailsIsNamedWhileOthersOfItsNameRun() throws InterruptedException {
        var well = supervision.virtual("pair", forever::await);
        var ill =
                supervision.virtual(
                        "pair",
                        () -> {
                            begun.incrementAndGet();
                            throw new StackOverflowError();
                        });
        well.start();
        ill.start();

        await().atMost(PATIENCE).until(() -> begun.get() > 1);
        await().atMost(PATIENCE)
                .until(() -> supervision.states().get("pair") == SupervisedThread.State.RESTARTING);
        well.stop();
        ill.stop();
        assertThat(well.join(PATIENCE) && ill.join(PATIENCE)).isTrue();
    }

    @Test
    void workThatIsToFinishIsNotInterrupted() throws InterruptedException {
        var thread = supervision.platform("finisher", forever::await);
        thread.start();
        thread.finish();
        forever.countDown();

        assertThat(thread.join(PATIENCE)).isTrue();
    }

    @Test
    void whoeverWaitsForAThreadThatWasStartedWaitsFromItsStart() throws InterruptedException {
        for (int turn = 0; turn < 100; turn++) {
            var thread = supervision.platform("waiter", forever::await);
            thread.start();
            assertThat(thread.join(Duration.ofNanos(1))).isFalse();
            thread.stop();
            assertThat(thread.join(PATIENCE)).isTrue();
        }
    }
}
