package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Row 8: whoever made a call learns why it was denied, or how it ended, and nobody else does. */
@ExtendWith(GatewayExtension.class)
class OwnCallsTest {
    private static final String POLICY =
            """
            rules:
              - {id: reads, effect: allow, tools: ["u1/echo"]}
              - {id: told, effect: deny, tools: ["u1/wipe"], explain: caller}
              - {id: secret, effect: deny, tools: ["u1/drop"]}
              - {id: people, effect: require_approval, tools: ["u1/ask"], explain: caller}
            """;

    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream =
            ScriptedUpstream.listing("echo", "wipe", "drop", "ask", "other");
    private String agent = "";
    private McpSession mcp;

    OwnCallsTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("own-calls");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(POLICY);
        agent = tenant.agent();
        mcp = McpSession.open(tenant.http(), agent);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private Reply look(String record, String key) {
        return tenant.http().send(Ask.get("/v1/calls/" + record).bearer(key));
    }

    private JsonNode looked(String record) {
        return look(record, agent).ok().json();
    }

    private String recordOf(String tool, String arguments) {
        return mcp.call(tool, arguments).header("x-sallyport-record");
    }

    @ParameterizedTest
    @CsvSource({
        "u1__wipe, explicit_deny, told",
        "u1__drop, explicit_deny, ''",
        "u1__other, not_allowed, ''",
        "u1__nonsense, unknown_tool, ''",
    })
    void aDenialTellsItsReasonAndTheRuleOnlyIfTheRuleSaysSo(
            String tool, String reason, String rule) {
        var call = looked(recordOf(tool, "{}"));

        assertThat(call.path("decision").asString()).isEqualTo("deny");
        assertThat(call.path("reason").asString()).isEqualTo(reason);
        assertThat(call.path("rule").asString("")).isEqualTo(rule);
        assertThat(call.path("op").asString()).isEqualTo("tools/call");
        assertThat(call.has("status")).isFalse();
    }

    @Test
    void argumentsThatDoNotFitAreADenialAndAreNotShown() {
        var call = looked(recordOf("u1__echo", "{\"text\":{\"CANARY\":1}}"));

        assertThat(call.path("reason").asString()).isEqualTo("invalid_arguments");
        assertThat(call.toString()).doesNotContain("CANARY");
    }

    @Test
    void aCallThatRanTellsHowItEnded() {
        upstream.onCall(ScriptedUpstream.says("CANARY-OUT"));
        var record = recordOf("u1__echo", "{\"text\":\"CANARY-IN\"}");
        var call = looked(record);

        assertThat(call.path("record").asString()).isEqualTo(record);
        assertThat(call.path("decision").asString()).isEqualTo("allow");
        assertThat(call.has("rule")).isFalse();
        assertThat(call.path("status").asString()).isEqualTo("ok");
        assertThat(call.path("server").asString()).isEqualTo("u1");
        assertThat(call.path("tool").asString()).isEqualTo("echo");
        assertThat(call.path("latency_us").isIntegralNumber()).isTrue();
        assertThat(call.toString()).doesNotContain("CANARY", "commitment", "sha256:");
        var outcome = tenant.audit("kind=call.outcome").getFirst().path("record").asString();
        assertThat(looked(outcome).path("decision").asString()).isEqualTo("allow");
        assertThat(looked(outcome).path("status").asString()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 429})
    void aCallOfWhichNobodyKnowsSaysThatItMayHaveRun(int status) {
        upstream.onCall(ScriptedUpstream.failsWith(status));
        var call = looked(recordOf("u1__echo", "{}"));

        assertThat(call.path("status").asString()).isEqualTo("indeterminate");
        assertThat(call.path("cause").asString()).startsWith("http_");
        assertThat(call.path("may_have_run").asBoolean()).isTrue();
    }

    @Test
    void aCallThatWaitsTellsItsApproval() {
        var call = looked(recordOf("u1__ask", "{}"));

        assertThat(call.path("decision").asString()).isEqualTo("require_approval");
        assertThat(call.path("approval").asString()).startsWith("apr_");
        assertThat(call.path("rule").asString()).isEqualTo("people");
        var again = looked(recordOf("u1__ask", "{}"));
        assertThat(again.path("reason").asString()).isEqualTo("approval_required");
        assertThat(again.path("approval")).isEqualTo(call.path("approval"));
    }

    @Test
    void callsOfAChatRunAreLookedUpAlike() throws IOException {
        var script =
                Script.of(Round.calls("u1__wipe", "{}").and("u1__echo", "{}"), Round.says("Done."));
        try (var model = ScriptedModel.start(0, script)) {
            tenant.toolset("all", "u1/*");
            tenant.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var reply = new Chat(tenant.http(), agent).ask("m").ok();
            var calls = Chat.report(reply).path("tool_calls");

            var denied = looked(calls.at("/0/record").asString());
            assertThat(denied.path("reason").asString()).isEqualTo("explicit_deny");
            assertThat(denied.path("run").asString())
                    .isEqualTo(reply.header("x-sallyport-run-id"))
                    .startsWith("run_");
            var ran = looked(calls.at("/1/record").asString());
            assertThat(ran.path("status").asString()).isEqualTo("ok");
        }
    }

    @Test
    void whatIsNotTheCallersOwnCallAnswersLikeNonsense() {
        var own = recordOf("u1__wipe", "{}");
        var stranger = gateway.newTenant("own-calls-other");
        var others =
                List.of(
                        look(own, tenant.key("user:bob", "agent")),
                        look(own, stranger.agent()),
                        look(latest("config.changed"), agent),
                        look(latest("key.created"), agent),
                        look(latest("audit.read"), agent),
                        look("nonsense", agent),
                        look(own + "0", agent),
                        look("n-b:0:1", agent),
                        look("%F0%9F%98%80", agent));

        var nothing = look("n00000000-b:1:999999", agent);
        assertThat(nothing.status()).isEqualTo(404);
        assertThat(others.stream().map(Reply::comparable))
                .allSatisfy(it -> assertThat(it).isEqualTo(nothing.comparable()));
        assertThat(look(own, tenant.agent()).status()).isEqualTo(200);
    }

    private String latest(String kind) {
        return tenant.audit("kind=" + kind).getFirst().path("record").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "auditor", "approver"})
    void itIsForAgentsOnly(String kind) {
        var own = recordOf("u1__wipe", "{}");

        assertThat(look(own, tenant.key("user:ada", kind)).status()).isEqualTo(403);
        assertThat(tenant.http().send(Ask.get("/v1/calls/" + own)).status()).isEqualTo(401);
    }

    @Test
    void whatARuleSaidWhenItDecidedCountsLaterToo() {
        var told = recordOf("u1__wipe", "{}");
        var secret = recordOf("u1__drop", "{}");
        tenant.policy(
                """
                rules:
                  - {id: told, effect: deny, tools: ["u1/wipe"]}
                  - {id: secret, effect: deny, tools: ["u1/drop"], explain: caller}
                """);

        assertThat(looked(told).path("rule").asString()).isEqualTo("told");
        assertThat(looked(secret).has("rule")).isFalse();
    }

    @Test
    void aDenialNamesThePageOfTheTenant() {
        var denied = recordOf("u1__wipe", "{}");
        var ran = recordOf("u1__echo", "{}");
        assertThat(looked(denied).has("access_page")).isFalse();

        var boss = tenant.key("user:boss", "admin");
        namePage(boss, "\"https://wiki.example/ask?team=crm\"").ok();

        assertThat(looked(denied).path("access_page").asString())
                .isEqualTo("https://wiki.example/ask?team=crm");
        assertThat(looked(ran).has("access_page")).isFalse();
        namePage(boss, "null").ok();
        assertThat(looked(denied).has("access_page")).isFalse();
        assertThat(tenant.audit("kind=config.changed").toString())
                .contains("tenant:access_page")
                .doesNotContain("wiki.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"http://wiki.example\"",
                "\"javascript:alert(1)\"",
                "\"https://a:b@wiki.example\"",
                "\"https://wiki.example/\\n\"",
                "\"\"",
                "7"
            })
    void aPageIsAnHttpsUrl(String page) {
        assertThat(namePage(tenant.key("user:boss", "admin"), page).status()).isEqualTo(400);
    }

    @Test
    void anAdminNamesNoPageOfAnotherTenant() {
        var boss = tenant.key("user:boss", "admin");
        var path = "/admin/v1/tenants/";
        var body = "{\"access_page\":\"https://evil.example\"}";
        var other = gateway.newTenant("own-calls-page");

        var foreign = send(Ask.of("PATCH", path + other.id()).json(body), boss);
        var nonsense = send(Ask.of("PATCH", path + "nonsense").json(body), boss);
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.comparable()).isEqualTo(nonsense.comparable());
        assertThat(send(Ask.get(path + other.id()), boss).status()).isEqualTo(404);
        assertThat(other.admin(Ask.get(path + other.id())).ok().json().has("access_page"))
                .isFalse();
    }

    private Reply namePage(String key, String page) {
        var ask = Ask.of("PATCH", "/admin/v1/tenants/" + tenant.id());
        return send(ask.json("{\"access_page\":" + page + "}"), key);
    }

    private Reply send(Ask ask, String key) {
        return tenant.http().send(ask.bearer(key));
    }
}
