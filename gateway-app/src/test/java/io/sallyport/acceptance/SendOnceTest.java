package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.FaultyUpstream.Fault;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * H8: one approval, one send, whatever happens to it on the way. What the caller is told and what
 * the record says agree with what the server counted.
 */
@Timeout(120)
@ExtendWith(GatewayExtension.class)
class SendOnceTest {
    private final RunningGateway gateway;

    SendOnceTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    static Stream<Arguments> faults() {
        return Stream.of(Fault.values())
                .flatMap(it -> Stream.of(Arguments.of(it, false), Arguments.of(it, true)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anApprovedCallIsSentOnce(Fault fault, boolean modern) {
        var tenant = gateway.newTenant("once");
        try (var upstream = new FaultyUpstream(modern)) {
            tenant.serve("u1", upstream.endpoint(), Map.of("wipe", "destructive"));
            if (fault == Fault.SILENT) {
                tenant.hurry("u1");
            }
            tenant.policy(
                    "rules:\n  - {id: ask, effect: require_approval, tools: [\"u1/wipe\"]}\n");
            var mcp = McpSession.open(tenant.http(), tenant.agent());
            approve(tenant, mcp);
            upstream.from(fault);

            var told = mcp.result("u1__wipe", "{}");

            assertThat(upstream.received()).isLessThanOrEqualTo(1);
            assertAgreed(told, tenant.audit("kind=call.outcome"), upstream);
            upstream.from(Fault.NONE);
            var again = mcp.result("u1__wipe", "{}");
            assertThat(again.at("/_meta/io.sallyport~1refusal").path("code").asString())
                    .as("the approval is used up")
                    .isEqualTo("approval_required");
            assertThat(upstream.received()).isLessThanOrEqualTo(1);
        }
    }

    private static void approve(TenantDesk tenant, McpSession mcp) {
        var asked = mcp.result("u1__wipe", "{}").at("/_meta/io.sallyport~1refusal");
        var path = "/admin/v1/approvals/" + asked.path("approvalId").asString() + "/decision";
        tenant.admin(Ask.post(path, "{\"decision\":\"approve\",\"reason\":\"test\"}")).ok();
    }

    private static void assertAgreed(
            JsonNode told, List<JsonNode> outcomes, FaultyUpstream upstream) {
        assertThat(outcomes).hasSize(1);
        var status = outcomes.getFirst().path("status").asString();
        if (!told.path("isError").asBoolean(false)) {
            assertThat(status).isEqualTo("ok");
            assertThat(upstream.ran()).isEqualTo(1);
            return;
        }
        var text = told.path("content").path(0).path("text").asString();
        var mayHaveRun =
                told.at("/_meta/io.sallyport~1refusal").path("may_have_run").asBoolean(false);
        switch (status) {
            case "not_sent" -> {
                assertThat(text).contains("did not run");
                assertThat(mayHaveRun).isFalse();
                assertThat(upstream.received()).isZero();
            }
            case "indeterminate" -> {
                assertThat(outcomes.getFirst().path("cause").asString()).isNotEmpty();
                assertThat(text).contains("may have run");
                assertThat(mayHaveRun).isTrue();
            }
            case "refused" -> assertThat(text).contains("The tool ran");
            default -> assertThat(status).isEqualTo("tool_error");
        }
    }

    @Test
    void whatTheServerDeclinedHasLeftAndTheNextCallRuns() {
        for (var modern : List.of(true, false)) {
            var tenant = gateway.newTenant("declined");
            try (var upstream = new FaultyUpstream(modern)) {
                tenant.serve("u1", upstream.endpoint());
                tenant.allow("u1/*");
                var mcp = McpSession.open(tenant.http(), tenant.agent());
                upstream.from(Fault.DECLINES);

                assertThat(mcp.refusal("u1__wipe", "{}")).isEqualTo("upstream_error");

                assertThat(upstream.received()).isEqualTo(1);
                var outcome = tenant.audit("kind=call.outcome").getFirst();
                assertThat(outcome.path("status").asString()).isEqualTo("indeterminate");
                assertThat(outcome.path("cause").asString()).isEqualTo("declined");
                upstream.from(Fault.NONE);
                assertThat(mcp.refusal("u1__wipe", "{}")).isEmpty();
            }
        }
    }
}
