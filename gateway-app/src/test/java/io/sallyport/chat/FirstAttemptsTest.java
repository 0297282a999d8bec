package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.FirstAttempts.Likeness;
import io.sallyport.policy.TenantId;
import org.junit.jupiter.api.Test;

class FirstAttemptsTest {
    private final FirstAttempts firsts = new FirstAttempts();

    private static Likeness request(String key, int body) {
        return new Likeness(new TenantId("acme"), key, 100, body, 0);
    }

    @Test
    void aRequestThatWasAnsweredIsNoFirstAttemptAnyMore() {
        firsts.add(request("k1", 1), 5);
        firsts.add(request("k1", 1), 7);
        assertThat(firsts.begun(request("k1", 1))).contains(7L);
        assertThat(firsts.begun(request("k2", 1))).isEmpty();

        firsts.remove(request("k1", 1));
        assertThat(firsts.begun(request("k1", 1))).isEmpty();
    }

    @Test
    void aKeyHasSoManyAndTakesNothingFromOthers() {
        firsts.add(request("k2", 0), 0);
        for (int body = 0; body <= FirstAttempts.OF_KEY; body++) {
            firsts.add(request("k1", body), body);
        }

        assertThat(firsts.begun(request("k1", 0))).isEmpty();
        assertThat(firsts.begun(request("k1", 1))).contains(1L);
        assertThat(firsts.begun(request("k2", 0))).contains(0L);
    }
}
