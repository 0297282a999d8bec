package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllotmentTest {
    private final Allotment allotment = new Allotment(2);
    private final Principal ada = principal("acme", "user:ada");

    @Test
    void oneWhoHoldsAllHeMayGetsNoMore() {
        assertThat(allotment.take(ada)).isTrue();
        assertThat(allotment.isExceededBy(1, ada)).isFalse();
        assertThat(allotment.take(ada)).isTrue();
        assertThat(allotment.isExceededBy(1, ada)).isTrue();
        assertThat(allotment.take(ada)).isFalse();

        allotment.giveBack(ada);

        assertThat(allotment.take(ada)).isTrue();
    }

    @Test
    void othersAreNotConcerned() {
        allotment.take(ada);
        allotment.take(ada);

        assertThat(allotment.take(principal("acme", "user:eve"))).isTrue();
        assertThat(allotment.take(principal("other", "user:ada"))).isTrue();
    }

    @Test
    void whoHoldsNothingIsNotRemembered() {
        for (int taken = 0; taken < 5; taken++) {
            allotment.take(ada);
        }
        allotment.giveBack(ada);
        allotment.giveBack(ada);

        assertThat(allotment.holders()).isZero();
    }

    private static Principal principal(String tenant, String subject) {
        return new Principal(
                new TenantId(tenant), subject, "k1", Set.of(), Set.of(), Set.of(), "c1");
    }
}
