package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class EffortTest {
    private static final Duration LONGER_THAN_ALLOWED = Duration.ofMillis(300);

    /** More than is spent between two looks at the clock. */
    private static final long MUCH = 200_000;

    private static boolean isAffordable(Effort effort) {
        return effort.run(() -> {
            Effort.charge(MUCH);
            return true;
        });
    }

    @Test
    void timeThatTheMachineSpendsOnOthersDoesNotCount() {
        var effort = Effort.bounded();

        var end = System.nanoTime() + LONGER_THAN_ALLOWED.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(LONGER_THAN_ALLOWED.toNanos());
        }

        assertThat(isAffordable(effort)).isTrue();
    }

    @Test
    void timeThatTheThreadSpendsDoes() {
        var effort = Effort.bounded();

        long spins = 0;
        var end = System.nanoTime() + LONGER_THAN_ALLOWED.multipliedBy(3).toNanos();
        while (System.nanoTime() < end) {
            spins++;
        }

        assertThat(spins).isPositive();
        assertThatExceptionOfType(Effort.Exhausted.class).isThrownBy(() -> isAffordable(effort));
    }
}
