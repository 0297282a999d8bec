package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who stands behind a key: the platform's keys are its own, and nobody is two people. */
@ExtendWith(GatewayExtension.class)
class KeyHoldersTest {
    private static final String ARGUMENTS = "{\"text\":\"1\"}";

    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("wipe");

    KeyHoldersTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("holders");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        policy(1);
    }

    private void policy(int count) {
        tenant.policy(
                """
                rules:
                  - id: ask
                    effect: require_approval
                    tools: ["u1/wipe"]
                    approval: {count: %d}
                """
                        .formatted(count));
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** H11. */
    @Test
    void aPlatformKeyIsUnknownToTheTenantItLivesIn() {
        var home = TenantDesk.existing(tenant.http(), gateway.platformKey(), "default");
        var boss = home.key("user:boss", "admin");
        var id = gateway.platformKey().substring(3, 19);

        var list = send(Ask.get("/admin/v1/keys"), boss).ok();
        assertThat(list.body()).doesNotContain(id).doesNotContain("platform-admin");
        for (var method : new String[] {"GET", "DELETE"}) {
            var own = send(Ask.of(method, "/admin/v1/keys/" + id), boss);
            var unknown = send(Ask.of(method, "/admin/v1/keys/0123456789abcdef"), boss);
            assertThat(own.comparable()).isEqualTo(unknown.comparable());
            assertThat(own.status()).isEqualTo(404);
        }
        assertThat(home.admin(Ask.get("/admin/v1/keys/" + id)).status()).isEqualTo(200);
    }

    /** H23. */
    @ParameterizedTest
    @ValueSource(strings = {"admin", "approver", "auditor"})
    void anAdminMakesNoOtherPersonWhoDecidesOrReadsArguments(String kind) {
        var eve = tenant.key("user:eve", "admin");

        assertThat(make(eve, "user:bob", kind).status()).isEqualTo(403);
        assertThat(make(eve, "user:Eve", kind).status()).isEqualTo(201);
        assertThat(make(eve, "user:bob", "agent").status()).isEqualTo(201);
        assertThat(tenant.admin(newKey("user:bob", kind)).status()).isEqualTo(201);
    }

    /** H23. */
    @ParameterizedTest
    @ValueSource(strings = {"user:eve", "user:EVE", "user:somebody"})
    void anAdminDoesNotDecideOnWhatAnAgentOfItsOwnMakingAsks(String owner) {
        var eve = tenant.key("user:eve", "admin");
        var agent = make(eve, owner, "agent").ok().json().path("key").asString();
        var id = pending(McpSession.open(tenant.http(), agent));

        var reply = decide(id, eve);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().path("code").asString()).isEqualTo("self_approval");
        assertThat(decide(id, tenant.key("user:bob", "admin")).status()).isEqualTo(200);
    }

    /** H23. */
    @Test
    void manyKeysOfOnePersonAreOneVote() {
        policy(2);
        var id = pending(McpSession.open(tenant.http(), tenant.agent()));

        decide(id, tenant.key("user:bob", "approver")).ok();
        for (var spelling : new String[] {"user:bob", "user:Bob", "user:BOB"}) {
            assertThat(decide(id, tenant.key(spelling, "admin")).status()).isEqualTo(409);
        }
        assertThat(state(id)).isEqualTo("pending");
        decide(id, tenant.key("user:carol", "approver")).ok();
        assertThat(state(id)).isEqualTo("approved");
    }

    private String state(String id) {
        var approval = tenant.admin(Ask.get("/admin/v1/approvals/" + id)).ok().json();
        return approval.path("state").asString();
    }

    private static String pending(McpSession mcp) {
        return mcp.result("u1__wipe", ARGUMENTS)
                .at("/_meta/io.sallyport~1refusal/approvalId")
                .asString();
    }

    private Reply decide(String id, String key) {
        return send(
                Ask.post("/admin/v1/approvals/" + id + "/decision", "{\"decision\":\"approve\"}"),
                key);
    }

    private Reply make(String key, String owner, String kind) {
        return send(newKey(owner, kind), key);
    }

    private static Ask newKey(String owner, String kind) {
        return Ask.post(
                "/admin/v1/keys", "{\"owner\":\"%s\",\"kind\":\"%s\"}".formatted(owner, kind));
    }

    private Reply send(Ask ask, String key) {
        return tenant.http().send(ask.bearer(key));
    }
}
