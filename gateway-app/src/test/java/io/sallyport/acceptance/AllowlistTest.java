package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayExtension.class)
class AllowlistTest {
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "delete_user");
    private TenantDesk tenant;
    private McpSession mcp;

    AllowlistTest(RunningGateway gateway) {
        tenant = gateway.newTenant("allowlist");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/echo");
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    @DisplayName("AL-01 a tool that is not allowed is neither listed nor callable")
    void hidesAndRefusesWhatIsNotAllowed() {
        assertThat(mcp.toolNames()).containsExactly("u1__echo");
        var reply = mcp.call("u1__delete_user", "{}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(reply.json().path("error").path("message").asString())
                .isEqualTo("Unknown tool: u1__delete_user");
        assertThat(upstream.calls()).isEmpty();
        assertDenied("not_allowed");
    }

    @Test
    @DisplayName("AL-08 deny beats allow, whatever their order")
    void denyWins() {
        tenant.policy(
                """
                rules:
                  - id: never
                    effect: deny
                    tools: ["u1/delete_user"]
                  - id: everything
                    effect: allow
                    tools: ["*"]
                """);
        var reply = mcp.call("u1__delete_user", "{}");

        assertThat(reply.json().path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(mcp.toolNames()).containsExactly("u1__echo");
        assertThat(upstream.calls()).isEmpty();
        assertDenied("explicit_deny");
    }

    @Test
    void anAllowedToolRuns() {
        assertThat(mcp.result("u1__echo", "{\"text\":\"hi\"}").path("content").path(0))
                .hasToString("{\"type\":\"text\",\"text\":\"done\"}");
        assertThat(upstream.calls()).hasSize(1);
    }

    private void assertDenied(String reason) {
        var denials = tenant.audit("kind=call.denied");
        assertThat(denials).hasSize(1);
        assertThat(denials.getFirst().path("decision").asString()).isEqualTo("deny");
        assertThat(denials.getFirst().path("reason").asString()).isEqualTo(reason);
        assertThat(denials.getFirst().path("tool").asString()).isEqualTo("delete_user");
        assertThat(denials.getFirst().path("principal").asString()).isEqualTo("user:ada");
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }
}
