package io.sallyport.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void completesWhatLastsLongerNeverTooEarly() throws Exception {
        var begun = System.nanoTime();
        var future = Deadlines.completeLate(new CompletableFuture<>(), "late", SHORT);

        assertThat(future.get(10, TimeUnit.SECONDS)).isEqualTo("late");
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void leavesWhatCompletedInTimeAsItIs() throws Exception {
        var future = new CompletableFuture<String>();
        var same = Deadlines.completeLate(future, "late", SHORT);
        future.complete("in time");
        passed(SHORT);

        assertThat(same).isSameAs(future).isCompletedWithValue("in time");
    }

    @Test
    void doesNothingForWhatWasDisposedOf() throws Exception {
        var late = new AtomicBoolean();
        Deadlines.after(SHORT, () -> late.set(true)).dispose();
        passed(SHORT);

        assertThat(late).isFalse();
    }

    @Test
    void goesOnAfterSomethingThatBroke() throws Exception {
        var _ =
                Deadlines.after(
                        Duration.ZERO,
                        () -> {
                            throw new IllegalStateException("broken");
                        });

        passed(SHORT);
    }

    @Test
    void emitsTheEndOfATime() throws Exception {
        Await.one(Deadlines.expiry(SHORT).thenReturn(true));
    }

    /** One clock has them all, and what is over later is seen later. */
    private static void passed(Duration time) throws Exception {
        Deadlines.completeLate(new CompletableFuture<>(), true, time.multipliedBy(2))
                .get(10, TimeUnit.SECONDS);
    }
}
