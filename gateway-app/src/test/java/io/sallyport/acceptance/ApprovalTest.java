package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayExtension.class)
class ApprovalTest {
    private static final String ARGUMENTS = "{\"text\":\"1\"}";

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("wipe");
    private McpSession mcp;

    ApprovalTest(RunningGateway gateway) {
        tenant = gateway.newTenant("approvals");
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
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void anApprovedCallRunsOnceAndOnlyOnce() {
        var id = pending(ARGUMENTS);
        assertThat(upstream.calls()).isEmpty();
        assertThat(decide(id, "approve").status()).isEqualTo(200);

        assertThat(mcp.refusal("u1__wipe", ARGUMENTS)).isEmpty();
        assertThat(upstream.calls()).hasSize(1);
        assertThat(pending(ARGUMENTS)).isNotEqualTo(id);
        assertThat(upstream.calls()).hasSize(1);
        assertThat(decide(id, "approve").status()).isEqualTo(409);
    }

    @Test
    void oneApprovalIsForOneOfManyCallsAtOnce() {
        decide(pending(ARGUMENTS), "approve").ok();

        var codes =
                Stream.generate(() ->
                                CompletableFuture.supplyAsync(
                                        () -> mcp.refusal("u1__wipe", ARGUMENTS)))
                        .limit(6)
                        .toList();

        assertThat(codes.stream().map(CompletableFuture::join).filter(String::isEmpty)).hasSize(1);
        assertThat(upstream.calls()).hasSize(1);
        assertThat(tenant.audit("kind=call.intent")).hasSize(1);
        assertThat(tenant.audit("kind=call.outcome")).hasSize(1);
    }

    @Test
    void anAgentDecidesNothing() {
        var id = pending(ARGUMENTS);
        var reply = tenant.http().send(decision(id, "approve").bearer(tenant.agent()));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(pending(ARGUMENTS)).isEqualTo(id);
    }

    @Test
    void aDeniedCallStaysDenied() {
        assertThat(decide(pending(ARGUMENTS), "deny").status()).isEqualTo(200);

        assertThat(mcp.refusal("u1__wipe", ARGUMENTS)).isEqualTo("approval_denied");
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    void otherArgumentsNeedAnApprovalOfTheirOwn() {
        var id = pending(ARGUMENTS);
        decide(id, "approve").ok();

        assertThat(pending("{\"text\":\"2\"}")).isNotEqualTo(id);
        assertThat(upstream.calls()).isEmpty();
        assertThat(mcp.refusal("u1__wipe", ARGUMENTS)).isEmpty();
        assertThat(upstream.calls()).hasSize(1);
    }

    @Test
    void nobodyDecidesOnACallOfTheirOwn() {
        var id = pending(ARGUMENTS);
        var sameOwner = tenant.key("user:ada", "admin");

        var reply = tenant.http().send(decision(id, "approve").bearer(sameOwner));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().path("code").asString()).isEqualTo("self_approval");
    }

    @Test
    void askingAgainWhileItWaitsOpensNoSecondApproval() {
        var id = pending(ARGUMENTS);

        assertThat(pending(ARGUMENTS)).isEqualTo(id);
        assertThat(tenant.audit("kind=approval.requested")).hasSize(1);
        assertThat(tenant.audit("kind=call.denied")).hasSize(1);
    }

    private String pending(String arguments) {
        var result = mcp.result("u1__wipe", arguments);
        var structured = result.at("/_meta/io.sallyport~1refusal");
        assertThat(structured.path("code").asString()).isEqualTo("approval_required");
        return structured.path("approvalId").asString();
    }

    private Reply decide(String id, String verdict) {
        return tenant.admin(decision(id, verdict));
    }

    private static Ask decision(String id, String verdict) {
        return Ask.post(
                "/admin/v1/approvals/" + id + "/decision",
                "{\"decision\":\"%s\",\"reason\":\"test\"}".formatted(verdict));
    }
}
