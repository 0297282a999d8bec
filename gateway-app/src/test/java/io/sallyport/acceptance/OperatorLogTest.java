package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Use 2. Whoever has only the log can say who, what and why, and finds the record. */
@ExtendWith(GatewayExtension.class)
class OperatorLogTest {
    private static final String CANARY = "canary-4711";

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "wipe", "hidden");
    private LogLines log;
    private McpSession mcp;

    OperatorLogTest(RunningGateway gateway) {
        tenant = gateway.newTenant("lines");
    }

    @BeforeEach
    void serve() {
        log = LogLines.begin();
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
                  - id: never
                    effect: deny
                    tools: ["u1/hidden"]
                """);
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        log.close();
        upstream.close();
    }

    private String line(String start) {
        return lines(start).getLast();
    }

    private List<String> lines(String start) {
        return log.await(start + " tenant=" + tenant.id() + " ");
    }

    private String record(String filters) {
        return tenant.audit(filters).getFirst().path("record").asString();
    }

    @Test
    void aCallIsOneLine() {
        mcp.result("u1__echo", "{\"text\":\"" + CANARY + "\"}");

        assertThat(lines("call.outcome")).hasSize(1);
        assertThat(line("call.outcome"))
                .contains(
                        "server=u1",
                        "tool=echo",
                        "status=ok",
                        "who=",
                        "key=",
                        "record=" + record("kind=call.outcome"));
    }

    @Test
    void aFailedCallSaysWhy() {
        upstream.onCall(ScriptedUpstream.failsWith(500));

        mcp.result("u1__echo", "{\"text\":\"" + CANARY + "\"}");

        assertThat(line("call.outcome")).contains("status=indeterminate", "cause=http_5xx");
    }

    @Test
    void aDenialSaysRuleAndReason() {
        mcp.call("u1__hidden", "{\"text\":\"" + CANARY + "\"}");
        assertThat(line("call.denied"))
                .contains(
                        "tool=hidden",
                        "rule=never",
                        "reason=explicit_deny",
                        "record=" + record("kind=call.denied"));

        mcp.result("u1__echo", "{\"text\":7}");
        assertThat(log.await("reason=invalid_arguments")).anyMatch(it -> it.contains("tool=echo"));
    }

    @Test
    void aCallThatWaitsNamesItsApproval() {
        var id =
                mcp.result("u1__wipe", "{\"text\":\"" + CANARY + "\"}")
                        .at("/_meta/io.sallyport~1refusal/approvalId")
                        .asString();

        assertThat(line("approval.requested"))
                .contains(
                        "tool=wipe",
                        "rule=ask",
                        "approval=" + id,
                        "record=" + record("kind=approval.requested"));
    }

    /** An approver may quote what the call would send. */
    @Test
    void whatAnApproverSaysOfACallIsInTheRecordOnly() {
        var id =
                mcp.result("u1__wipe", "{\"text\":\"" + CANARY + "\"}")
                        .at("/_meta/io.sallyport~1refusal/approvalId")
                        .asString();
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + id + "/decision",
                                "{\"decision\":\"deny\",\"reason\":\"not " + CANARY + "\"}"))
                .ok();

        assertThat(line("approval.decided")).contains("approval=" + id);
        assertThat(log.with(CANARY)).isEmpty();
        assertThat(tenant.audit("kind=approval.decided").getFirst().path("reason").asString())
                .isEqualTo("not " + CANARY);
    }

    @Test
    void keysChangedToolsAndPoliciesAreLinesToo() {
        tenant.key("user:eve", "agent");
        assertThat(line("key.created")).contains("record=" + record("kind=key.created"));

        upstream.edit(it -> it.replace("Does echo.", "Does " + CANARY + "."));
        tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", "")).ok();
        assertThat(line("catalog.changed")).contains("record=" + record("kind=catalog.changed"));

        tenant.allow("u1/*");
        assertThat(line("policy.published")).contains("record=");
    }

    /** Use 7. */
    @Test
    void whatDoesNotExistIsNamedAsItWasAskedFor() {
        for (var name : List.of("u1__nope", "no such tool", "u1\\u0007\\u202eevil")) {
            mcp.call(name, "{}");
        }
        mcp.call("x".repeat(5_000), "{}");

        var asked =
                tenant.audit("kind=call.denied").stream()
                        .map(it -> it.path("tool").asString())
                        .toList();
        assertThat(asked).contains("u1__nope", "no such tool", "u1\\u0007\\u202eevil");
        assertThat(asked).allMatch(it -> it.length() < 200);
        log.await("xxx");
        assertThat(lines("call.denied"))
                .anyMatch(it -> it.contains("tool=\"no such tool\""))
                .noneMatch(it -> it.contains("\u202e") || it.contains("\u0007"));
    }

    @Test
    void nothingThatACallerSentIsInAnyLine() {
        mcp.result("u1__echo", "{\"text\":\"" + CANARY + "\"}");
        mcp.result("u1__wipe", "{\"text\":\"" + CANARY + "\"}");
        mcp.call("u1__hidden", "{\"text\":\"" + CANARY + "\"}");
        upstream.onCall(ScriptedUpstream.says(CANARY));
        mcp.result("u1__echo", "{}");

        assertThat(lines("call.outcome")).isNotEmpty();
        assertThat(log.with(CANARY)).isEmpty();
        assertThat(log.with("user:ada")).isEmpty();
    }
}
