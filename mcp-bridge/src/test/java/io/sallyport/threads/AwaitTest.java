package io.sallyport.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.Oversize;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Timeout(20)
class AwaitTest {
    @Test
    void returnsTheItem() throws Exception {
        assertThat(Await.one(Mono.just("x"))).isEqualTo("x");
    }

    @Test
    void throwsTheFailureItself() {
        var failure = new EgressFailure.Broken("test");
        assertThatThrownBy(() -> Await.one(Mono.error(failure))).isSameAs(failure);
    }

    @Test
    void throwsAnErrorItself() {
        var error = new AssertionError("test");
        assertThatThrownBy(() -> Await.one(Mono.error(error))).isSameAs(error);
    }

    @Test
    void wrapsACheckedFailure() {
        var failure = new IOException("test");
        assertThatThrownBy(() -> Await.one(Mono.error(failure)))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(failure);
    }

    @Test
    void failsWithoutAnItem() {
        assertThatThrownBy(() -> Await.one(Mono.empty()))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void cancelsWhenInterrupted() throws Exception {
        var subscribed = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        var never =
                Mono.never()
                        .doOnSubscribe(_ -> subscribed.countDown())
                        .doOnCancel(cancelled::countDown);
        assertInterruptible(() -> Await.one(never), subscribed);
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsSomethingHappenWhateverComesOfIt() throws Exception {
        var tried = new CountDownLatch(2);
        Await.nothing(Mono.fromRunnable(tried::countDown));
        Await.nothing(Mono.error(new IOException()).doOnError(_ -> tried.countDown()));
        assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void readsItemByItemUntilTheEnd() throws Exception {
        try (var items = Await.items(Flux.just("a", "b"), 1)) {
            assertThat(items.next()).contains("a");
            assertThat(items.next()).contains("b");
            assertThat(items.next()).isEmpty();
            assertThat(items.next()).isEmpty();
        }
    }

    @Test
    void throwsTheFailureAfterTheItemsBeforeIt() throws Exception {
        var failure = new EgressFailure.TooLarge(new Oversize(2, true, 1));
        var flux = Flux.concat(Flux.just("a"), Flux.error(failure));
        try (var items = Await.items(flux, 4)) {
            assertThat(items.next()).contains("a");
            assertThatThrownBy(items::next).isSameAs(failure);
        }
    }

    @Test
    void letsNoMoreItemsWaitThanAskedFor() throws Exception {
        var made = new AtomicLong();
        var endless = Flux.generate(sink -> sink.next(made.incrementAndGet()));
        try (var items = Await.items(endless, 3)) {
            assertThat(items.next()).contains(1L);
            assertThat(made.get()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void cancelsTheFluxWhenClosedBeforeTheEnd() throws Exception {
        var cancelled = new CountDownLatch(1);
        var flux = Flux.concat(Flux.just("a"), Flux.never()).doOnCancel(cancelled::countDown);
        try (var items = Await.items(flux, 1)) {
            assertThat(items.next()).contains("a");
        }
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelsTheFluxWhenInterrupted() throws Exception {
        var subscribed = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        var never =
                Flux.never()
                        .doOnSubscribe(_ -> subscribed.countDown())
                        .doOnCancel(cancelled::countDown);
        assertInterruptible(() -> Await.items(never, 1).next(), subscribed);
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Waits on a virtual thread, as everybody does here, and is interrupted there. */
    private static void assertInterruptible(
            java.util.concurrent.Callable<Object> waiting, CountDownLatch begun) throws Exception {
        var outcome = new FutureTask<>(waiting);
        var thread = Thread.startVirtualThread(outcome);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThatThrownBy(() -> outcome.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
    }
}
