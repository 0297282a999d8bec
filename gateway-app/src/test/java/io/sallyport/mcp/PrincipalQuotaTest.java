package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrincipalQuotaTest {
    private final PrincipalQuota quota = new PrincipalQuota(2);
    private final Principal ada = principal("acme", "user:ada");

    @Test
    void oneWhoHoldsAllHeMayGetsNoMore() {
        assertThat(quota.take(ada)).isTrue();
        assertThat(quota.isExceededBy(1, ada)).isFalse();
        assertThat(quota.take(ada)).isTrue();
        assertThat(quota.isExceededBy(1, ada)).isTrue();
        assertThat(quota.take(ada)).isFalse();

        quota.giveBack(ada);

        assertThat(quota.take(ada)).isTrue();
    }

    @Test
    void othersAreNotConcerned() {
        quota.take(ada);
        quota.take(ada);

        assertThat(quota.take(principal("acme", "user:eve"))).isTrue();
        assertThat(quota.take(principal("other", "user:ada"))).isTrue();
    }

    @Test
    void whoHoldsNothingIsNotRemembered() {
        for (int taken = 0; taken < 5; taken++) {
            quota.take(ada);
        }
        quota.giveBack(ada);
        quota.giveBack(ada);

        assertThat(quota.holders()).isZero();
    }

    private static Principal principal(String tenant, String subject) {
        return new Principal(
                new TenantId(tenant), subject, "k1", Set.of(), Set.of(), Set.of(), "c1");
    }
}
