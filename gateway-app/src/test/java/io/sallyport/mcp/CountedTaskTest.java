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
        var task = new CountedTask(this::work, over::incrementAndGet);
        var thread = Thread.ofVirtual().start(task);
        begun.acquire();

        assertThat(task.cancel(true)).isTrue();
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
        var task =
                new Task(
                        false,
                        _ -> {
                            work();
                            return RpcAnswer.accepted();
                        },
                        over::incrementAndGet);
        var thread = Thread.ofVirtual().start(task.running());
        begun.acquire();

        task.cancel();
        assertThat(over).hasValue(0);

        end.release();
        thread.join();
        assertThat(over).hasValue(1);
    }

    @Test
    void whatIsCancelledBeforeItBeginsCountsNoMore() {
        var task = new CountedTask(this::work, over::incrementAndGet);
        task.cancel(true);
        assertThat(over).hasValue(1);

        task.run();
        assertThat(begun.availablePermits()).isZero();
        assertThat(over).hasValue(1);
    }

    @Test
    void whatEndsCountsOnce() {
        var task = new CountedTask(() -> {}, over::incrementAndGet);
        task.run();
        task.cancel(true);
        assertThat(over).hasValue(1);
    }
}
