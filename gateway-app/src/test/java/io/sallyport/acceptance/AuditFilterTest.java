package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(GatewayExtension.class)
class AuditFilterTest {
    private final TenantDesk tenant;

    AuditFilterTest(RunningGateway gateway) {
        tenant = gateway.newTenant("filters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from", "to"})
    void aTimeThatIsNoneIsRefusedByName(String name) {
        var wrong = tenant.admin(Ask.get("/admin/v1/audit?" + name + "=yesterday"));
        var right = tenant.admin(Ask.get("/admin/v1/audit?" + name + "=2026-01-31T12:00:00Z"));

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().path("detail").asString()).startsWith(name + " must be a time");
        assertThat(right.status()).isEqualTo(200);
    }
}
