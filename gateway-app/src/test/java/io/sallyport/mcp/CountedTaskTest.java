package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a task holds is free when it has ended, not when it is told to. */
class CountedTaskTest {
    private final AtomicInteger over = new AtomicInteger();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore end = new Semaphore(0);

    @Test
    void whatIsCancelledCountsUntilItHasEnded() throws InterruptedException {
        var inFlight = new CountedTask(this::work, over::incrementAndGet);
        var thread = Thread.ofVirtual().start(inFlight);
        begun.acquire();

        assertThat(inFlight.cancel(true)).isTrue();
        assertThat(over).hasValue(0);

        end.release();
        thread.join();
        assertThat(over).hasValue(1);
    }

    private void work() {
        begun.release();
        end.acquireUninterruptibly();
    }

    @Test
    void aRequestsWorkCountsUntilItHasEnded() throws InterruptedException {
        var inFlight =
                new InFlightRequest(
                        false,
                        _ -> {
                            work();
                            return RpcAnswer.accepted();
                        },
                        over::incrementAndGet);
        var thread = Thread.ofVirtual().start(inFlight.running());
        begun.acquire();

        inFlight.cancel();
        assertThat(over).hasValue(0);

        end.release();
        thread.join();
        assertThat(over).hasValue(1);
    }

    @Test
    void whatIsCancelledBeforeItBeginsCountsNoMore() {
        var inFlight = new CountedTask(this::work, over::incrementAndGet);
        inFlight.cancel(true);
        assertThat(over).hasValue(1);

        inFlight.run();
        assertThat(begun.availablePermits()).isZero();
        assertThat(over).hasValue(1);
    }

    @Test
    void whatEndsCountsOnce() {
        var inFlight = new CountedTask(() -> {}, over::incrementAndGet);
        inFlight.run();
        inFlight.cancel(true);
        assertThat(over).hasValue(1);
    }
}
