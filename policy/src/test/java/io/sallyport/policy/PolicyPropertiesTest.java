package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Decision.Allow;
import io.sallyport.policy.Decision.Deny;
import io.sallyport.policy.Decision.RequireApproval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for all policies and requests, tried on random ones from a fixed seed. */
class PolicyPropertiesTest {
    private static final int POLICIES = 300;
    private static final int REQUESTS = 8;

    private static final List<String> TOOLS =
            List.of(
                    "*",
                    "crm/*",
                    "crm/get_*",
                    "crm/get_a",
                    "*/get_a",
                    "c*/*_a",
                    "erp/post",
                    "erp/*",
                    "risk:read",
                    "risk:write",
                    "risk:destructive",
                    "risk:unclassified",
                    "label:outbound",
                    "label:x",
                    "toolset:t",
                    "toolset:u");
    private static final List<String> SUBJECTS =
            List.of("any", "user:ada", "group:g", "key:k", "role:r", "key-group:kg", "client:c");
    private static final List<String> NAMES =
            List.of("crm/get_a", "crm/get_b", "crm/x", "erp/post", "erp/get_a", "hr/get_a");

    private final Random random = new Random(20261121);

    @Test
    void theOrderOfRulesChangesNoDecision() {
        forRandomPolicies((rules, request) -> {
            var shuffled = new ArrayList<>(rules);
            Collections.shuffle(shuffled, random);
            assertThat(outcome(policy(shuffled).decide(request)))
                    .isEqualTo(outcome(policy(rules).decide(request)));
        });
    }

    @Test
    void addingADenyRuleThatMatchesDeniesWhateverElseIsThere() {
        forRandomPolicies((rules, request) -> {
            var denied = new ArrayList<>(rules);
            var deny = "{id: no, effect: deny, tools: [\"" + request.tool() + "\"]}";
            denied.add(random.nextInt(rules.size() + 1), deny);
            assertThat(policy(denied).decide(request))
                    .matches(PolicyPropertiesTest::isExplicitDeny);
        });
    }

    @Test
    void listedIsExactlyCallable() {
        forRandomPolicies((rules, request) -> {
            var policy = policy(rules);
            assertThat(policy.lists(request)).isEqualTo(isCallable(policy.decide(request)));
        });
    }

    /** The index may leave out rules that cannot match, and no others. */
    @Test
    void aDecisionIsWhatTheMatchingRulesSayOneByOne() {
        forRandomPolicies((rules, request) ->
                assertThat(outcome(policy(rules).decide(request)))
                        .isEqualTo(outcomeOneByOne(rules, request)));
    }

    @Test
    void aPolicyWithoutRulesAllowsNothing() {
        for (int i = 0; i < REQUESTS; i++) {
            var request = request();
            assertThat(Policy.denyAll().decide(request))
                    .isEqualTo(new Deny(DenyReason.NOT_ALLOWED, ""));
            assertThat(Policy.denyAll().lists(request)).isFalse();
        }
    }

    private void forRandomPolicies(Property property) {
        var outcomes = new ArrayList<String>();
        for (int i = 0; i < POLICIES; i++) {
            var rules = rules();
            for (int j = 0; j < REQUESTS; j++) {
                var request = request();
                outcomes.add(outcome(policy(rules).decide(request)).replaceAll(" .*", ""));
                property.check(rules, request);
            }
        }
        assertThat(outcomes)
                .as("the generator meets every outcome")
                .contains("deny", "allow", "ask");
    }

    private static String outcomeOneByOne(List<String> rules, AccessRequest request) {
        var decisions = rules.stream().map(rule -> policy(List.of(rule)).decide(request)).toList();
        if (decisions.stream().anyMatch(PolicyPropertiesTest::isExplicitDeny)) {
            return "deny explicit_deny";
        }
        var asking =
                decisions.stream()
                        .filter(RequireApproval.class::isInstance)
                        .flatMap(one -> ((RequireApproval) one).requirements().stream())
                        .toList();
        if (!asking.isEmpty()) {
            return outcome(new RequireApproval(asking));
        }
        return decisions.stream().anyMatch(Allow.class::isInstance) ? "allow" : "deny not_allowed";
    }

    private static boolean isExplicitDeny(Decision decision) {
        return decision instanceof Deny(var reason, var _) && reason == DenyReason.EXPLICIT_DENY;
    }

    private static String outcome(Decision decision) {
        return switch (decision) {
            case Allow _ -> "allow";
            case Deny(var reason, var _) -> "deny " + reason.code();
            case RequireApproval(var requirements) ->
                    requirements.stream()
                            .map(ApprovalRequirement::rule)
                            .sorted()
                            .collect(Collectors.joining(" ", "ask ", ""));
        };
    }

    private static Policy policy(List<String> rules) {
        return Policies.valid(
                rules.isEmpty()
                        ? "rules: []"
                        : rules.stream().collect(Collectors.joining("\n- ", "rules:\n- ", "\n")));
    }

    private List<String> rules() {
        return IntStream.range(0, random.nextInt(6)).mapToObj(this::rule).toList();
    }

    private String rule(int number) {
        var subjects = some(SUBJECTS, random.nextInt(3));
        var effect = pick(List.of("allow", "allow", "deny", "require_approval"));
        return "{id: r%d, effect: %s, tools: %s%s}"
                .formatted(
                        number,
                        effect,
                        quoted(some(TOOLS, 1 + random.nextInt(3))),
                        subjects.isEmpty() ? "" : ", subjects: " + quoted(subjects));
    }

    private static String quoted(Set<String> entries) {
        return entries.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }

    private AccessRequest request() {
        var principal =
                new Principal(
                        new TenantId("acme"),
                        pick(List.of("user:ada", "user:bob", "service:ci")),
                        pick(List.of("k", "l")),
                        some(List.of("g", "h"), random.nextInt(2)),
                        some(List.of("r", "s"), random.nextInt(2)),
                        some(List.of("kg", "kh"), random.nextInt(2)),
                        pick(List.of("", "c")));
        var name = pick(NAMES).split("/");
        return new AccessRequest(
                principal,
                new ToolRef(new ServerSlug(name[0]), name[1]),
                pick(List.of(Risk.values())),
                some(List.of("outbound", "x", "y"), random.nextInt(3)),
                some(List.of("t", "u", "v"), random.nextInt(3)));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Set<String> some(List<String> list, int count) {
        return random.ints(count, 0, list.size())
                .mapToObj(list::get)
                .collect(Collectors.toUnmodifiableSet());
    }

    private interface Property {
        void check(List<String> rules, AccessRequest request);
    }

    private static boolean isCallable(Decision decision) {
        return switch (decision) {
            case Allow _, RequireApproval _ -> true;
            case Deny _ -> false;
        };
    }
}
