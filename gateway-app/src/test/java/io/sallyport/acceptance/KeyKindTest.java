package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key opens the faces of its kind, however their paths are spelled. */
@ExtendWith(GatewayExtension.class)
class KeyKindTest {
    private static final String GREETING =
            """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\
            """;

    private final TenantDesk tenant;

    KeyKindTest(RunningGateway gateway) {
        tenant = gateway.newTenant("kinds");
    }

    @BeforeEach
    void allow() {
        tenant.allow("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mcp", "/%6dcp", "/mcp;a=b", "/m%63p;x"})
    void anAdminKeyCallsNoTools(String path) {
        var key = tenant.key("user:boss", "admin");

        var reply = tenant.http().send(Ask.post(path, GREETING).bearer(key));
        assertThat(reply.status()).as(reply.body()).isIn(400, 403, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/%761/models", "/v1;a/models", "/v%31;x=y/models"})
    void anAdminKeyUsesNoModels(String path) {
        var key = tenant.key("user:boss", "admin");

        assertThat(tenant.http().send(Ask.get(path).bearer(key)).status()).isIn(400, 403, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/v1/keys", "/%61dmin/v1/keys", "/admin;a/v1/keys"})
    void anAgentKeyAdministersNothing(String path) {
        var key = tenant.agent();

        assertThat(tenant.http().send(Ask.get(path).bearer(key)).status()).isIn(400, 403, 404);
    }

    @Test
    void anAdminOfATenantNamesNoOther() {
        var key = tenant.key("user:boss", "admin");
        var own = Ask.get("/admin/v1/keys").bearer(key);

        assertThat(tenant.http().send(own).status()).isEqualTo(200);
        var existing = tenant.http().send(own.with("X-Sallyport-Tenant", "default"));
        var nonsense = tenant.http().send(own.with("X-Sallyport-Tenant", "nonsense"));
        assertThat(existing.status()).isEqualTo(403);
        assertThat(existing.comparable()).isEqualTo(nonsense.comparable());
    }

    @Test
    void theSystemLogIsThePlatformsAlone() {
        var boss = tenant.key("user:boss", "admin");
        var system = Ask.get("/admin/v1/audit").bearer(boss).with("X-Sallyport-Tenant", "_system");

        assertThat(tenant.http().send(system).status()).isEqualTo(403);
    }
}
