package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How long calls of a server, or of one of its tools, may take. */
@Timeout(25) // less than calls take by default
@ExtendWith(GatewayExtension.class)
class CallTimesTest {
    private final TenantDesk tenant;

    CallTimesTest(RunningGateway gateway) {
        tenant = gateway.newTenant("times");
    }

    private Reply patch(String members) {
        return tenant.admin(Ask.of("PATCH", "/admin/v1/servers/t1").json("{" + members + "}"));
    }

    private static String late(McpSession session, String tool) {
        return session.result(tool, "{}").at("/_meta/io.sallyport~1refusal/code").asString("none");
    }

    @Test
    void aServersTimeEndsItsCallsAndAToolsOwnItsOwn() {
        try (var server = ScriptedUpstream.listing("quick", "slow")) {
            tenant.serve("t1", server.endpoint());
            tenant.allow("t1/*");
            server.onCall(server.holds());
            var session = McpSession.open(tenant.http(), tenant.agent());

            patch("\"call_timeout_seconds\":1").ok();
            assertThat(late(session, "t1__quick")).isEqualTo("upstream_timeout");

            patch("\"call_timeout_seconds\":300,\"tool_timeout_seconds\":{\"slow\":1}").ok();
            assertThat(late(session, "t1__slow")).isEqualTo("upstream_timeout");
        }
    }

    @Test
    void theyAreShownAndNoReasonToReviewAnything() {
        try (var server = ScriptedUpstream.listing("quick", "slow")) {
            tenant.serve("t1", server.endpoint());
            assertThat(server().path("call_timeout_seconds").asInt()).isEqualTo(30);
            assertThat(server().has("tool_timeout_seconds")).isFalse();

            patch("\"call_timeout_seconds\":60,\"tool_timeout_seconds\":{\"slow\":300}").ok();
            patch("\"labels\":[\"x\"]").ok();

            assertThat(server().path("call_timeout_seconds").asInt()).isEqualTo(60);
            assertThat(server().at("/tool_timeout_seconds/slow").asInt()).isEqualTo(300);
            assertThat(server().path("tools").valueStream())
                    .extracting(it -> it.path("status").asString())
                    .containsOnly("approved");
            patch("\"tool_timeout_seconds\":{}").ok();
            assertThat(server().has("tool_timeout_seconds")).isFalse();
        }
    }

    private JsonNode server() {
        return tenant.admin(Ask.get("/admin/v1/servers/t1")).ok().json();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"call_timeout_seconds\":0",
                "\"call_timeout_seconds\":-1",
                "\"call_timeout_seconds\":301",
                "\"call_timeout_seconds\":1.5",
                "\"call_timeout_seconds\":\"30\"",
                "\"tool_timeout_seconds\":30",
                "\"tool_timeout_seconds\":{\"a\":0}",
                "\"tool_timeout_seconds\":{\"a\":\"30\"}",
                "\"tool_timeout_seconds\":{\"a\":301}"
            })
    void whatIsNoSuchTimeIsRefused(String members) {
        try (var server = ScriptedUpstream.listing("quick")) {
            tenant.serve("t1", server.endpoint());

            var reply = patch(members);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().path("code").asString()).isEqualTo("invalid_request");
        }
    }
}
