package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What auditors, approvers and admins of keys and models get to see and to change. */
@ExtendWith(GatewayExtension.class)
class ReviewersViewTest {
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "wipe");
    private McpSession mcp;

    ReviewersViewTest(RunningGateway gateway) {
        tenant = gateway.newTenant("reviewers");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - id: echoes
                    effect: allow
                    tools: ["u1/echo"]
                  - id: ask
                    effect: require_approval
                    tools: ["u1/wipe"]
                """);
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private Reply payload(String record, String query, String key) {
        return tenant.http()
                .send(Ask.get("/admin/v1/audit/" + record + "/payload" + query).bearer(key));
    }

    /** Use 14. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "ümlaut \\u202e turned", "x\\u0007y", "{\\\"a\\\":1}"})
    void anAuditorReadsTheArgumentsOfACallAndThatIsRecordedFirst(String text) {
        mcp.result("u1__echo", "{\"text\":\"" + text + "\"}");
        var intent = tenant.audit("kind=call.intent").getFirst().path("record").asString();
        var auditor = tenant.key("user:otto", "auditor");

        var reply = payload(intent, "?reason=ticket%20447", auditor);

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        var params = Reply.parse(reply.json().path("params").asString());
        assertThat(params.at("/arguments/text").asString())
                .isEqualTo(Reply.parse("\"" + text + "\"").asString());
        assertThat(reply.json().path("params").asString()).doesNotContain("\u202e", "\u0007");
        var read = tenant.audit("kind=audit.read&principal=user:otto").getFirst();
        assertThat(read.path("reason").asString()).isEqualTo("ticket 447");
        assertThat(read.at("/change/target").asString()).isEqualTo(intent);
    }

    /** Use 14. */
    @Test
    void nobodyElseReadsThemAndNobodyWithoutAReason() {
        mcp.result("u1__echo", "{\"text\":\"x\"}");
        var intent = tenant.audit("kind=call.intent").getFirst().path("record").asString();
        var outcome = tenant.audit("kind=call.outcome").getFirst().path("record").asString();
        var auditor = tenant.key("user:otto", "auditor");
        var admin = tenant.key("user:boss", "admin");

        assertThat(payload(intent, "?reason=x", admin).status()).isEqualTo(403);
        assertThat(payload(intent, "", auditor).status()).isEqualTo(400);
        assertThat(payload(intent, "?reason=%20", auditor).status()).isEqualTo(400);
        assertThat(payload(outcome, "?reason=x", auditor).status()).isEqualTo(404);
        assertThat(payload("n-b:1:999999", "?reason=x", auditor).status()).isEqualTo(404);
        assertThat(payload("nonsense", "?reason=x", auditor).status()).isEqualTo(404);
    }

    /** Use 17. */
    @ParameterizedTest
    @ValueSource(strings = {"not on a Friday", "use archive instead", "ask\\u202e the owner"})
    void theApproversReasonReachesTheCallerAndTheRecord(String reason) {
        var id =
                mcp.result("u1__wipe", "{}")
                        .at("/_meta/io.sallyport~1refusal/approvalId")
                        .asString();
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + id + "/decision",
                                "{\"decision\":\"deny\",\"reason\":\"%s\"}".formatted(reason)))
                .ok();

        var text = mcp.result("u1__wipe", "{}").at("/content/0/text").asString();

        assertThat(text).startsWith("approval_denied: ").contains(reason).doesNotContain("\u202e");
        var decided = tenant.audit("kind=approval.decided").getFirst();
        assertThat(decided.path("reason").asString())
                .isEqualTo(Reply.parse("\"" + reason + "\"").asString());
    }

    /** Use 16. */
    @Test
    void aKeyHasANameACreationAndALastUse() {
        var made =
                tenant.newKey(
                        "{\"owner\":\"service:ci\",\"name\":\"nightly build\",\"groups\":[\"a\"]}");
        var path = "/admin/v1/keys/" + made.path("id").asString();

        var before = tenant.admin(Ask.get(path)).ok().json();
        tenant.http().send(Ask.get("/v1/me").bearer(made.path("key").asString())).ok();
        var after = tenant.admin(Ask.get(path)).ok().json();

        assertThat(before.path("name").asString()).isEqualTo("nightly build");
        assertThat(before.path("created").asString()).startsWith("20");
        assertThat(before.has("last_used")).isFalse();
        assertThat(after.path("last_used").asString())
                .isGreaterThanOrEqualTo(before.path("created").asString().substring(0, 10));
    }

    /** Use 16. */
    @Test
    void aKeyIsChangedInWhatItMayAndNotInWhoseItIs() {
        var made =
                tenant.newKey("{\"owner\":\"service:ci\",\"models\":[\"m\"],\"groups\":[\"a\"]}");
        var path = "/admin/v1/keys/" + made.path("id").asString();

        var changed =
                tenant.admin(
                        Ask.of("PATCH", path)
                                .json("{\"name\":\"x\",\"groups\":[\"b\"],\"models\":null}"));

        assertThat(changed.ok().json().path("groups").toString()).isEqualTo("[\"b\"]");
        assertThat(changed.json().has("models")).isFalse();
        assertThat(changed.json().path("name").asString()).isEqualTo("x");
        for (var wrong :
                List.of(
                        "{\"owner\":\"user:eve\"}",
                        "{\"kind\":\"admin\"}",
                        "{\"roles\":[\"x\"]}",
                        "{\"name\":\"a\\nb\"}",
                        "{\"expires\":\"2001-01-01T00:00:00Z\"}")) {
            assertThat(tenant.admin(Ask.of("PATCH", path).json(wrong)).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(tenant.audit("kind=key.changed")).hasSize(1);
    }

    /** Use 16. */
    @Test
    void aTenantsAdminChangesNobodyElsesDecidingKey() {
        var other = tenant.newKey("{\"owner\":\"user:other\",\"kind\":\"admin\"}");
        var boss = tenant.key("user:boss", "admin");
        var path = "/admin/v1/keys/" + other.path("id").asString();

        var reply = tenant.http().send(Ask.of("PATCH", path).json("{\"name\":\"x\"}").bearer(boss));

        assertThat(reply.status()).isEqualTo(403);
    }

    /** Use 6. */
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9/v1, egress_denied",
        "https://10.0.0.1/v1, egress_denied",
        "https://no-such-name.invalid/v1, egress_denied",
        "http://93.184.216.34/v1, scheme_not_allowed"
    })
    void aModelThatMayNotBeAskedIsNotSaved(String url, String code) {
        var body =
                "{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"%s\",\"model\":\"m\"}]}"
                        .formatted(url);

        var reply = tenant.admin(Ask.put("/admin/v1/models/m", body));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo(code);
        assertThat(tenant.admin(Ask.get("/admin/v1/models/m")).status()).isEqualTo(404);
    }

    /** Each target costs a look-up of its name. */
    @Test
    void aModelHasAtMostEightTargets() {
        var one =
                "{\"provider\":\"openai\",\"base_url\":\"https://93.184.216.34/v1\",\"model\":\"m\"}";

        assertThat(putModel(Collections.nCopies(8, one)).status()).isEqualTo(200);
        var reply = putModel(Collections.nCopies(9, one));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("detail").asString()).contains("1 to 8");
    }

    private Reply putModel(List<String> targets) {
        return tenant.admin(
                Ask.put(
                        "/admin/v1/models/many",
                        "{\"targets\":[" + String.join(",", targets) + "]}"));
    }
}
