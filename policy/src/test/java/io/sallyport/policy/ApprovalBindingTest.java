package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ApprovalBindingTest {
    private static final ApprovalBinding ONE =
            binding("acme", "user:ada", tool("notes", "delete"), "d", "a", "r", "run");

    static Stream<ApprovalBinding> others() {
        return Stream.of(
                binding("acme2", "user:ada", tool("notes", "delete"), "d", "a", "r", "run"),
                binding("acme", "user:eve", tool("notes", "delete"), "d", "a", "r", "run"),
                binding("acme", "user:ada", tool("notes2", "delete"), "d", "a", "r", "run"),
                binding("acme", "user:ada", tool("notes", "delete2"), "d", "a", "r", "run"),
                binding("acme", "user:ada", tool("notes", "delete"), "d2", "a", "r", "run"),
                binding("acme", "user:ada", tool("notes", "delete"), "d", "a2", "r", "run"),
                binding("acme", "user:ada", tool("notes", "delete"), "d", "a", "r2", "run"),
                binding("acme", "user:ada", tool("notes", "delete"), "d", "a", "r", ""),
                binding("acme", "user:ada", tool("notes", "delete"), "da", "", "r", "run"),
                binding("acme", "user:ada", tool("notes", "delete\",\"d"), "", "a", "r", "run"),
                binding("acme", "user:ada\ud800", tool("notes", "delete"), "d", "a", "r", "run"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void anyDifferenceMakesAnotherBinding(ApprovalBinding other) {
        assertThat(other.digest()).isNotEqualTo(ONE.digest());
    }

    @Test
    void anotherMethodMakesAnotherBinding() {
        var read =
                new ApprovalBinding(
                        ONE.tenant(),
                        ONE.requester(),
                        "resources/read",
                        ONE.tool(),
                        ONE.descriptorDigest(),
                        ONE.argsDigest(),
                        ONE.requirement(),
                        ONE.run());

        assertThat(read.digest()).isNotEqualTo(ONE.digest());
    }

    @Test
    void charactersThatUtf8CannotHoldStayDifferent() {
        assertThat(withTool("\ud800").digest()).isNotEqualTo(withTool("\udfff").digest());
        assertThat(withTool("\ud800").digest()).isNotEqualTo(withTool("?").digest());
    }

    @Test
    void equalBindingsFindEachOther() {
        var same = binding("acme", "user:ada", tool("notes", "delete"), "d", "a", "r", "run");
        assertThat(same.digest()).isEqualTo(ONE.digest()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void aRequirementIsItsRuleItsApproversAndTheirNumber() {
        var digest = requirement("rule", List.of("role:a", "role:b"), 1, 15, "x").digest();
        assertThat(requirement("rule", List.of("role:b", "role:a"), 1, 60, "y").digest())
                .isEqualTo(digest);
        assertThat(requirement("rule2", List.of("role:a", "role:b"), 1, 15, "x").digest())
                .isNotEqualTo(digest);
        assertThat(requirement("rule", List.of("role:a"), 1, 15, "x").digest())
                .isNotEqualTo(digest);
        assertThat(requirement("rule", List.of("role:a", "role:b"), 2, 15, "x").digest())
                .isNotEqualTo(digest);
    }

    private static ApprovalRequirement requirement(
            String rule, List<String> approvers, int count, int minutes, String reason) {
        return new ApprovalRequirement(rule, approvers, count, Duration.ofMinutes(minutes), reason);
    }

    private static ApprovalBinding withTool(String name) {
        return binding("acme", "user:ada", tool("notes", name), "d", "a", "r", "run");
    }

    private static ToolRef tool(String server, String name) {
        return new ToolRef(new ServerSlug(server), name);
    }

    private static ApprovalBinding binding(
            String tenant,
            String requester,
            ToolRef tool,
            String descriptor,
            String arguments,
            String requirement,
            String run) {
        return new ApprovalBinding(
                new TenantId(tenant),
                requester,
                "tools/call",
                tool,
                descriptor,
                arguments,
                requirement,
                run);
    }
}
