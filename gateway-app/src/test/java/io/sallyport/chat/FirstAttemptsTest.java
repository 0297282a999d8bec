package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.FirstAttempts.ApiKey;
import io.sallyport.chat.FirstAttempts.Likeness;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirstAttemptsTest {
    private static final ApiKey ONE = new ApiKey(new TenantId("acme"), "k1");
    private static final ApiKey OTHER = new ApiKey(new TenantId("acme"), "k2");

    private final FirstAttempts firsts = new FirstAttempts();
    private final long now = System.nanoTime();

    private static Likeness request(int body) {
        return new Likeness(100, body, 0);
    }

    @Test
    void aRequestThatWasAnsweredIsNoFirstAttemptAnyMore() {
        firsts.add(ONE, request(1), 5);
        firsts.add(ONE, request(1), 7);
        assertThat(firsts.begun(ONE, request(1))).contains(7L);
        assertThat(firsts.begun(OTHER, request(1))).isEmpty();

        firsts.remove(ONE, request(1));
        assertThat(firsts.begun(ONE, request(1))).isEmpty();
    }

    @Test
    void aKeyHasSoManyAndTakesNothingFromOthers() {
        firsts.add(OTHER, request(0), 0);
        for (int body = 0; body <= FirstAttempts.OF_KEY; body++) {
            firsts.add(ONE, request(body), body);
        }

        assertThat(firsts.begun(ONE, request(0))).isEmpty();
        assertThat(firsts.begun(ONE, request(1))).contains(1L);
        assertThat(firsts.begun(OTHER, request(0))).contains(0L);
    }

    /** A key that was answered, or of which nobody has heard for long, may be one that is gone. */
    @Test
    void nothingStaysOfKeysThatAreUsedNoMore() {
        firsts.add(ONE, request(1), now);
        firsts.add(OTHER, request(1), now);
        firsts.remove(OTHER, request(1));
        assertThat(firsts.keys()).isEqualTo(1);

        var later = now + Claims.KEPT.plus(Duration.ofMinutes(1)).toNanos();
        firsts.add(OTHER, request(2), later);

        assertThat(firsts.keys()).isEqualTo(1);
        assertThat(firsts.begun(OTHER, request(2))).contains(later);
    }

    @Test
    void aKeyThatIsUsedKeepsItsOldRequests() {
        firsts.add(ONE, request(1), now);
        var soon = now + Claims.KEPT.minusMinutes(1).toNanos();
        firsts.add(ONE, request(2), soon);
        var later = soon + Claims.KEPT.minusMinutes(1).toNanos();
        firsts.add(OTHER, request(1), later);

        assertThat(firsts.begun(ONE, request(2))).contains(soon);
    }
}
