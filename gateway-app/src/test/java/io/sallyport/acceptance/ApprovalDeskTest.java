package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** H10: nobody's questions hide another's, and lists stay small. */
@ExtendWith(GatewayExtension.class)
class ApprovalDeskTest {
    private static final int QUOTA = 20;

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("wipe");

    ApprovalDeskTest(RunningGateway gateway) {
        tenant = gateway.newTenant("desk");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - id: ask
                    effect: require_approval
                    tools: ["u1/wipe"]
                """);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void theTwentyFirstOpenQuestionOfARequesterIsRefusedAndRecorded() {
        var ada = agent("user:ada");
        for (int number = 0; number < QUOTA; number++) {
            assertThat(code(ada, number)).isEqualTo("approval_required");
        }

        var refused = ada.result("u1__wipe", arguments(QUOTA));

        assertThat(refused.path("isError").asBoolean()).isTrue();
        assertThat(refused.at("/_meta/io.sallyport~1refusal/code").asString())
                .isEqualTo("rate_limited");
        assertThat(refused.at("/content/0/text").asString()).contains("20 of yours are open");
        assertThat(tenant.audit("kind=call.denied").getFirst().path("reason").asString())
                .isEqualTo("rate_limited");
        assertThat(code(agent("user:ada"), QUOTA)).isEqualTo("rate_limited");
        assertThat(code(ada, 0)).isEqualTo("approval_required");
        assertThat(code(agent("user:bob"), 0)).isEqualTo("approval_required");
        assertThat(list("state=pending&requester=user:bob")).hasSize(1);
        decide(list("requester=user:ada").getFirst().path("id").asString(), "deny").ok();
        assertThat(code(ada, QUOTA)).isEqualTo("approval_required");
    }

    @Test
    void listsComeInPagesAndWithoutArguments() {
        for (int person = 0; person < 6; person++) {
            var agent = agent("user:p" + person);
            for (int number = 0; number < QUOTA; number++) {
                assertThat(code(agent, number)).isEqualTo("approval_required");
            }
        }

        var first = tenant.admin(Ask.get("/admin/v1/approvals?state=pending")).ok();
        assertThat(first.body()).doesNotContain("params").doesNotContain("note-");
        var all = list("state=pending");
        assertThat(all).hasSize(6 * QUOTA);
        assertThat(all.stream().map(it -> it.path("id").asString()).distinct()).hasSize(6 * QUOTA);
        assertThat(all.stream().map(it -> it.path("created").asString()).toList())
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(list("requester=USER:P0&server=u1&tool=wipe")).hasSize(QUOTA);
        assertThat(list("server=u2")).isEmpty();
        assertThat(list("state=denied")).isEmpty();
        var id = all.getLast().path("id").asString();
        var shown = tenant.admin(Ask.get("/admin/v1/approvals/" + id)).ok().json();
        assertThat(shown.path("params").asString()).contains("note-0");
    }

    @Test
    void whatAPersonCannotReadWholeCannotBeApproved() {
        var result =
                agent("user:ada")
                        .result("u1__wipe", "{\"text\":\"" + "x".repeat(300 * 1024) + "\"}");

        assertThat(result.at("/_meta/io.sallyport~1refusal/code").asString())
                .isEqualTo("invalid_arguments");
        assertThat(list("")).isEmpty();
    }

    /** H9: a name that was approved although it hides something hides nothing from approvers. */
    @Test
    void whatAToolsNameHidesIsShownToApproversToo() {
        try (var odd = ScriptedUpstream.listing()) {
            odd.tools("{\"name\":\"wi\\u202epe\",\"inputSchema\":{\"type\":\"object\"}}");
            var tool = tenant.register("u2", odd.endpoint()).ok().json().at("/tools/0");
            approveAlthoughItHides(tool);
            tenant.policy("rules: [{id: ask, effect: require_approval, tools: [\"*\"]}]");

            var refused = agent("user:ada").result(tool.path("alias").asString(), "{}");
            var id = refused.at("/_meta/io.sallyport~1refusal/approvalId").asString();

            var shown = tenant.admin(Ask.get("/admin/v1/approvals/" + id)).ok();
            assertThat(shown.json().path("tool").asString()).isEqualTo("wi\\u202epe");
            assertThat(list("state=pending").getFirst().path("tool").asString())
                    .isEqualTo("wi\\u202epe");
            assertThat(shown.body()).doesNotContain("\u202e");
        }
    }

    private void approveAlthoughItHides(JsonNode tool) {
        var body =
                "{\"tools\":[{\"name\":%s,\"digest\":%s,\"risk\":\"write\"}],\"override_findings\":true}"
                        .formatted(tool.path("name"), tool.path("digest"));
        tenant.admin(Ask.post("/admin/v1/servers/u2/approve", body)).ok();
    }

    /** H9: the marks of a text stay on it, and are no more than a person can read. */
    @Test
    void marksInArgumentsCoverNothing() {
        var arguments = "{\"text\":\"\u0336cafe\u0301 bob" + "\u0336".repeat(500) + "\"}";
        var refused = agent("user:ada").result("u1__wipe", arguments);
        var id = refused.at("/_meta/io.sallyport~1refusal/approvalId").asString();

        var shown = tenant.admin(Ask.get("/admin/v1/approvals/" + id)).ok().json();

        assertThat(shown.path("params").asString())
                .contains("\"\\u0336cafe\u0301 bob")
                .contains("bob\u0336\u0336\u0336\u0336\\u0336\\u0336")
                .contains("\\u0336\"}");
    }

    /** H26. */
    @Test
    void anApprovedCallThatIsWithdrawnDoesNotRun() {
        var mcp = agent("user:ada");
        var id = mcp.result("u1__wipe", arguments(1)).at("/_meta/io.sallyport~1refusal/approvalId");
        decide(id.asString(), "approve").ok();

        var withdrawn = decide(id.asString(), "cancel").ok().json();

        assertThat(withdrawn.path("state").asString()).isEqualTo("cancelled");
        assertThat(mcp.refusal("u1__wipe", arguments(1))).isEqualTo("approval_required");
        assertThat(upstream.calls()).isEmpty();
        assertThat(tenant.audit("kind=approval.decided").getFirst().path("decision").asString())
                .isEqualTo("cancel");
    }

    /** H26: the row's lock decides; the call ran if and only if it was not withdrawn. */
    @Test
    void withdrawingRacesWithUseAndOneOfThemWins() {
        var mcp = agent("user:ada");
        for (int number = 0; number < 12; number++) {
            var arguments = arguments(number);
            var id =
                    mcp.result("u1__wipe", arguments).at("/_meta/io.sallyport~1refusal/approvalId");
            decide(id.asString(), "approve").ok();
            var before = upstream.calls().size();

            var use = CompletableFuture.supplyAsync(() -> mcp.refusal("u1__wipe", arguments));
            var cancelled = decide(id.asString(), "cancel").status() == 200;

            assertThat(use.join().isEmpty()).isEqualTo(!cancelled);
            assertThat(upstream.calls()).hasSize(before + (cancelled ? 0 : 1));
        }
    }

    /** Another server of its name, with the very same list, was approved by nobody. */
    @Test
    void theApprovalsOfARemovedServerEndWithIt() {
        var mcp = agent("user:ada");
        var approved = approvalOf(mcp, 1);
        decide(approved, "approve").ok();
        var pending = approvalOf(mcp, 2);

        tenant.admin(Ask.of("DELETE", "/admin/v1/servers/u1")).ok();

        assertThat(list("state=pending")).isEmpty();
        try (var other = ScriptedUpstream.listing("wipe")) {
            tenant.serve("u1", other.endpoint());
            var again = agent("user:ada");
            for (int number : List.of(1, 2)) {
                assertThat(approvalOf(again, number)).isNotIn(approved, pending);
            }
            assertThat(other.calls()).isEmpty();
        }
        assertThat(upstream.calls()).isEmpty();
    }

    private static String approvalOf(McpSession mcp, int number) {
        var result = mcp.result("u1__wipe", arguments(number));
        return result.at("/_meta/io.sallyport~1refusal/approvalId").asString();
    }

    private McpSession agent(String owner) {
        return McpSession.open(tenant.http(), tenant.key(owner, "agent"));
    }

    private static String code(McpSession mcp, int number) {
        return mcp.refusal("u1__wipe", arguments(number));
    }

    private static String arguments(int number) {
        return "{\"text\":\"note-" + number + "\"}";
    }

    private Reply decide(String id, String verdict) {
        return tenant.admin(
                Ask.post(
                        "/admin/v1/approvals/" + id + "/decision",
                        "{\"decision\":\"" + verdict + "\"}"));
    }

    private List<JsonNode> list(String query) {
        var items = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = tenant.admin(Ask.get("/admin/v1/approvals?" + query + cursor)).ok().json();
            page.path("items").forEach(items::add);
            cursor = page.path("next_cursor").asString("");
            cursor = cursor.isEmpty() ? "" : (query.isEmpty() ? "" : "&") + "cursor=" + cursor;
        } while (!cursor.isEmpty());
        return items;
    }
}
