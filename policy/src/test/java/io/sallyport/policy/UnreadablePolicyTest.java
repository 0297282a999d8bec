package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnreadablePolicyTest {
    /** Use 10. */
    @Test
    void isNotOneThatAllowsNothing() {
        assertThat(Policy.unreadable().isReadable()).isFalse();
        assertThat(Policy.denyAll().isReadable()).isTrue();
        assertThat(Policy.read("rules: []"))
                .isInstanceOfSatisfying(
                        PolicyReading.Valid.class,
                        it -> assertThat(it.policy().isReadable()).isTrue());
    }
}
