package io.sallyport.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void workThatEndsInAnErrorIsNotWaitedForEver() {
        try (var workers = new Workers()) {
            var work =
                    workers.run(() -> {
                        throw new StackOverflowError();
                    });

            assertThatThrownBy(() -> work.block(SOON)).isInstanceOf(StackOverflowError.class);
        }
    }

    /** R2: nothing outlives a stop, and nothing waits for what waits for ever. */
    @Test
    void whatDoesNotEndByItselfIsInterruptedAfterTheGrace() throws InterruptedException {
        var workers = new Workers(Duration.ofMillis(50));
        workers.start();
        var waits = new CountDownLatch(1);
        var interrupted = new CompletableFuture<Boolean>();
        workers.threads()
                .execute(() -> {
                    waits.countDown();
                    try {
                        new Semaphore(0).acquire();
                    } catch (InterruptedException _) {
                        interrupted.complete(true);
                    }
                });
        waits.await();

        workers.stop();
        workers.close();

        assertThat(interrupted).succeedsWithin(SOON);
        assertThatThrownBy(() -> workers.cutOff().block(SOON)).isInstanceOf(Workers.CutOff.class);
    }
}
