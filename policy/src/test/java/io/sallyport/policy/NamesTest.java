package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final String LONGEST_SLUG = "a".repeat(32);

    @Test
    void theSystemTenantExists() {
        assertThat(TenantId.SYSTEM).isEqualTo(new TenantId("_system")).hasToString("_system");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a_b", "a b", "_other", "a\n"})
    void refusesWhatIsNoTenant(String value) {
        assertThatThrownBy(() -> new TenantId(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a tenant id");
    }

    @Test
    void aTenantHasAtMost63Characters() {
        assertThat(new TenantId("a".repeat(63)).value()).hasSize(63);
        assertThatThrownBy(() -> new TenantId("a".repeat(64)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a__b", "a_b", "a/b", "a*", "é", "a\n"})
    void refusesWhatIsNoServerSlug(String value) {
        assertThat(ServerSlug.isValid(value)).isFalse();
        assertThatThrownBy(() -> new ServerSlug(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a server slug");
    }

    @Test
    void aServerSlugHasAtMost32Characters() {
        assertThat(ServerSlug.isValid(LONGEST_SLUG)).isTrue();
        assertThat(ServerSlug.isValid(LONGEST_SLUG + "a")).isFalse();
    }

    @Test
    void unclassifiedIsTreatedAsDestructive() {
        assertThat(Risk.UNCLASSIFIED.effective()).isEqualTo(Risk.DESTRUCTIVE);
        assertThat(Risk.READ.effective()).isEqualTo(Risk.READ);
    }

    @Test
    void riskCodesAreExact() {
        assertThat(Risk.of("read")).contains(Risk.READ);
        assertThat(Risk.of("Read")).isEmpty();
        assertThat(Risk.of("")).isEmpty();
    }
}
