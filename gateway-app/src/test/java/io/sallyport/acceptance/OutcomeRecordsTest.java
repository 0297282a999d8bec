package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(GatewayExtension.class)
class OutcomeRecordsTest {
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "wipe", "ask");
    private McpSession mcp;

    OutcomeRecordsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("outcomes");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["u1/echo"]}
                  - {id: never, effect: deny, tools: ["u1/wipe"]}
                  - {id: people, effect: require_approval, tools: ["u1/ask"]}
                """);
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    @DisplayName("AU-01 an allowed call leaves one intent and one outcome that names it")
    void anAllowedCall() {
        mcp.result("u1__echo", "{}");

        var intent = only("call.intent");
        assertThat(intent.path("decision").asString()).isEqualTo("allow");
        assertThat(intent.path("rule").asString()).isEqualTo("all");
        assertThat(intent.path("principal").asString()).isEqualTo("user:ada");
        assertThat(intent.path("server").asString()).isEqualTo("u1");
        assertThat(intent.path("tool").asString()).isEqualTo("echo");
        assertThat(intent.path("descriptor_digest").asString()).startsWith("sha256:");
        assertThat(intent.path("args_commitment").asString()).isNotEmpty();
        assertThat(intent.path("policy_digest").asString()).startsWith("sha256:");
        assertOutcome(intent, "ok");
    }

    @Test
    @DisplayName("AU-01 a denied call leaves one record with its rule")
    void aDeniedCall() {
        mcp.call("u1__wipe", "{}");

        var denied = only("call.denied");
        assertThat(denied.path("reason").asString()).isEqualTo("explicit_deny");
        assertThat(denied.path("rule").asString()).isEqualTo("never");
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }

    @Test
    @DisplayName("AU-01 a call that waits leaves one request for approval")
    void aCallThatWaits() {
        mcp.result("u1__ask", "{}");

        assertThat(only("approval.requested").path("approval").asString()).startsWith("apr_");
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }

    @Test
    @DisplayName("AU-01 arguments that do not fit leave one record and reach nobody")
    void invalidArguments() {
        mcp.result("u1__echo", "{\"text\":5}");

        assertThat(only("call.denied").path("reason").asString()).isEqualTo("invalid_arguments");
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    @DisplayName("AU-01 an upstream that fails leaves an intent and its outcome")
    void anUpstreamError() {
        upstream.onCall(ScriptedUpstream.failsWith(500));

        var refusal = mcp.result("u1__echo", "{}");

        assertThat(refusal.toString()).doesNotContain("secret").contains("upstream_error");
        assertUnknown(only("call.intent"), "http_5xx");
    }

    @Test
    @DisplayName("AU-01 an upstream that is silent leaves an intent and the outcome timeout")
    void aTimeout() throws IOException {
        upstream.onCall(upstream.holds());
        var script = Script.of(Round.calls("u1__echo", "{}"), Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.toolset("all", "u1/*");
            var more = ",\"toolset\":\"all\",\"limits\":{\"call_timeout_seconds\":1}";
            tenant.model("m", model.endpoint(), "any", more);

            var text = new Chat(tenant.http(), tenant.agent()).ask("m").ok().body();

            assertThat(text).contains("upstream_timeout");
            assertUnknown(only("call.intent"), "timeout");
        }
    }

    @Test
    @DisplayName("AU-01 a client that leaves a reading call leaves an intent and its cancellation")
    void aCancelledCall() throws IOException {
        upstream.onCall(upstream.holds());
        var script = Script.of(Round.calls("u1__echo", "{}"), Round.says("{{results}}"));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.toolset("all", "u1/*");
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var asked = Ask.post("/v1/chat/completions", Chat.question("m"));

            var reply = tenant.http().begin(asked.bearer(tenant.agent()));
            await().untilAsserted(() -> assertThat(upstream.calls()).hasSize(1));
            reply.cancel(true);

            await().untilAsserted(() -> assertUnknown(only("call.intent"), "cancelled"));
        }
    }

    /** B8. */
    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\udc00 \\udc00", "\\ud83d\\ud83d\\ude00"})
    void halfACharacterCostsThatCharacterAndIsNoted(String half) {
        var content = "{\"content\":[{\"type\":\"text\",\"text\":\"a" + half + "z\"}]}";
        upstream.onCall(ScriptedUpstream.answers(content));

        var text = mcp.result("u1__echo", "{}").at("/content/0/text").asString();

        assertThat(text).startsWith("a\ufffd").endsWith("z");
        assertOutcome(only("call.intent"), "ok");
        assertThat(only("call.outcome").path("cause").asString()).isEqualTo("mended");
    }

    @Test
    @DisplayName("AU-01 no argument and no result is in any record")
    void nothingInClear() {
        mcp.result("u1__echo", "{\"text\":\"CANARY-IN\"}");
        upstream.onCall(ScriptedUpstream.says("CANARY-OUT"));
        mcp.result("u1__echo", "{}");

        assertThat(tenant.audit("").toString()).doesNotContain("CANARY");
    }

    private JsonNode only(String kind) {
        List<JsonNode> records = tenant.audit("kind=" + kind);
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private void assertUnknown(JsonNode intent, String cause) {
        assertOutcome(intent, "indeterminate");
        assertThat(only("call.outcome").path("cause").asString()).isEqualTo(cause);
    }

    private void assertOutcome(JsonNode intent, String status) {
        var outcome = only("call.outcome");
        assertThat(outcome.path("intent").asString()).isEqualTo(intent.path("record").asString());
        assertThat(outcome.path("status").asString()).isEqualTo(status);
    }
}
