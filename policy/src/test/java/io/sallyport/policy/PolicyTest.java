package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Decision.Allow;
import io.sallyport.policy.Decision.Deny;
import io.sallyport.policy.Decision.RequireApproval;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final String ONE_RULE =
            """
            rules:
              - id: reads
                effect: allow
                subjects: [group:support]
                tools: ["crm/get_*", "risk:read"]
            """;

    @Test
    @SuppressWarnings("NullAway") // a broken caller, on purpose
    void aDecisionThatThrowsIsADenial() {
        var policy = Policies.valid(ONE_RULE);
        assertThat(policy.decide((AccessRequest) null))
                .isEqualTo(new Deny(DenyReason.POLICY_UNAVAILABLE, ""));
        assertThat(policy.lists((AccessRequest) null)).isFalse();
        assertThat(policy.decide((ContentRequest) null))
                .isEqualTo(new Deny(DenyReason.POLICY_UNAVAILABLE, ""));
        assertThat(policy.lists((ContentRequest) null)).isFalse();
    }

    @Test
    void everyEntryOfADocumentIsASelectorWithItsPlace() {
        var selectors =
                Policies.selectors(
                        """
                        rules:
                          - id: a
                            effect: require_approval
                            subjects: [group:support]
                            tools: ["crm/a/*", "risk:read", "label:x", "toolset:t"]
                            resources: ["docs/file:///a", "label:y"]
                            prompts: ["docs/*"]
                            approval: {approvers: [role:boss]}
                        """);

        assertThat(selectors)
                .extracting(Selector::written)
                .containsExactlyInAnyOrder(
                        "group:support",
                        "crm/a/*",
                        "risk:read",
                        "label:x",
                        "toolset:t",
                        "docs/file:///a",
                        "label:y",
                        "docs/*",
                        "role:boss");
        var pattern =
                selectors.stream().filter(it -> it.text().equals("crm/a/*")).findFirst().get();
        assertThat(pattern.line()).isEqualTo(5);
        assertThat(pattern.column()).isEqualTo(13);
        assertThat(pattern.onlyServer()).contains(new ServerSlug("crm"));
        assertThat(pattern.matches(new ServerSlug("crm"), "a/b/c")).isTrue();
        assertThat(pattern.matches(new ServerSlug("crm"), "b")).isFalse();
        assertThat(Policy.read("rules: 7")).isInstanceOf(PolicyReading.Invalid.class);
    }

    @Test
    void onlyARuleThatSaysSoIsToldToCallers() {
        var policy =
                Policies.valid(
                        """
                        rules:
                          - {id: told, effect: deny, tools: ["a/*"], explain: caller}
                          - {id: secret, effect: deny, tools: ["b/*"]}
                        """);

        assertThat(policy.tellsCallers("told")).isTrue();
        assertThat(policy.tellsCallers("secret")).isFalse();
        assertThat(policy.tellsCallers("")).isFalse();
    }

    /** A caller's look-up of an old decision costs what reading its text does, and no more. */
    @Test
    void whatADocumentTellsCallersIsReadWithoutCompilingIt() {
        var document =
                """
                rules:
                  - {id: told, effect: deny, tools: ["a/*"], explain: caller, when: "no(((CEL"}
                  - {id: secret, effect: deny, tools: ["b/*"], when: "no(((CEL"}
                """;

        assertThat(Policy.tellsCallers(document, "told")).isTrue();
        assertThat(Policy.tellsCallers(document, "secret")).isFalse();
        assertThat(Policy.tellsCallers(document, "other")).isFalse();
        for (var none : List.of("", "[", "rules: 7", "rules: [7, {id: 7}]", "- told")) {
            assertThat(Policy.tellsCallers(none, "told")).isFalse();
        }
    }

    @Test
    void theSameContentHasTheSameDigestWhateverItsLayout() {
        var sameInJson =
                """
                {"rules": [{"tools": ["crm/get_*", "risk:read"], "subjects": ["group:support"],
                  "id": "reads", "effect": "allow"}]}
                """;
        var digest = Policies.valid(ONE_RULE).digest();
        assertThat(Policies.valid(ONE_RULE).digest()).isEqualTo(digest);
        assertThat(Policies.valid("# a comment\n" + ONE_RULE).digest()).isEqualTo(digest);
        assertThat(Policies.valid(sameInJson).digest()).isEqualTo(digest);
        assertThat(Policies.valid(ONE_RULE.replace("\n", "\r\n")).digest()).isEqualTo(digest);
    }

    @Test
    void otherContentHasAnotherDigest() {
        var digest = Policies.valid(ONE_RULE).digest();
        assertThat(Policies.valid(ONE_RULE.replace("reads", "reader")).digest())
                .isNotEqualTo(digest);
        assertThat(Policies.valid(ONE_RULE.replace("get_*", "*")).digest()).isNotEqualTo(digest);
        assertThat(Policies.valid(ONE_RULE + "    reason: why\n").digest()).isNotEqualTo(digest);
    }

    /** Computed elsewhere: compact JSON with sorted keys and no line end, then SHA-256. */
    @Test
    void othersCanComputeTheDigest() {
        assertThat(Policies.valid("rules: []").digest())
                .isEqualTo(
                        "sha256:da506c8a9c8a9f31aa00eaeef23d49764b9ace97158a1a0a7aa628e6d446b0fb");
        assertThat(Policies.valid(ONE_RULE).digest())
                .isEqualTo(
                        "sha256:1127f20a23c34b33c3671f93ea49c51ba97d50e1e09e1a783b193c6f4a8fe6ba");
    }

    @Test
    void noPolicyAndAnEmptyOneAreTheSame() {
        assertThat(Policy.denyAll().digest()).isEqualTo(Policies.valid("rules: []").digest());
    }

    @Test
    void aRequirementCarriesWhatItsRuleSays() {
        var policy =
                Policies.valid(
                        """
                        rules:
                          - id: refunds
                            effect: require_approval
                            tools: ["billing/refund"]
                            approval: {approvers: [role:finance, user:cfo], ttl: 90s, count: 2}
                            reason: Refunds are confirmed by finance.
                        """);
        var expected =
                new ApprovalRequirement(
                        "refunds",
                        List.of("role:finance", "user:cfo"),
                        2,
                        Duration.ofSeconds(90),
                        "Refunds are confirmed by finance.");
        assertThat(policy.decide(call("billing", "refund")))
                .isEqualTo(new RequireApproval(List.of(expected)));
    }

    @Test
    void aRuleThatSaysNothingAsksOneApproverForFifteenMinutes() {
        var policy = Policies.valid("rules: [{id: ask, effect: require_approval, tools: [\"*\"]}]");
        var expected =
                new ApprovalRequirement(
                        "ask", List.of("role:approver"), 1, Duration.ofMinutes(15), "");
        assertThat(policy.decide(call("billing", "refund")))
                .isEqualTo(new RequireApproval(List.of(expected)));
    }

    @Test
    void everyUnitOfTimeIsUnderstood() {
        assertThat(ttl("45s")).isEqualTo(Duration.ofSeconds(45));
        assertThat(ttl("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(ttl("4h")).isEqualTo(Duration.ofHours(4));
        assertThat(ttl("2d")).isEqualTo(Duration.ofDays(2));
        assertThat(ttl("7d")).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void theFirstAllowRuleOfTheDocumentIsNamedWhereverTheIndexKeepsIt() {
        var policy =
                Policies.valid(
                        """
                        rules:
                          - {id: everywhere, effect: allow, tools: ["risk:read"]}
                          - {id: server, effect: allow, tools: ["crm/*"]}
                          - {id: exact, effect: allow, tools: ["crm/get"]}
                        """);
        assertThat(policy.decide(call("crm", "get"))).isEqualTo(new Allow("everywhere"));
    }

    @Test
    void aPatternThatIsRepeatedDoesNotAskTwice() {
        var policy =
                Policies.valid(
                        """
                        rules:
                          - id: ask
                            effect: require_approval
                            tools: ["crm/get", "crm/get", "crm/g*", "crm/*", "*"]
                        """);
        assertThat(policy.decide(call("crm", "get")))
                .isInstanceOfSatisfying(
                        RequireApproval.class, one -> assertThat(one.requirements()).hasSize(1));
    }

    private static Duration ttl(String text) {
        var policy =
                Policies.valid(
                        """
                        rules:
                          - id: ask
                            effect: require_approval
                            tools: ["*"]
                            approval: {ttl: %s}
                        """
                                .formatted(text));
        return switch (policy.decide(call("a", "b"))) {
            case RequireApproval(var requirements) -> requirements.getFirst().ttl();
            case Allow _, Deny _ -> throw new AssertionError("no approval asked");
        };
    }

    private static AccessRequest call(String server, String tool) {
        var principal = new Principal(new TenantId("acme"), "user:ada", "k1", Set.of(), Set.of());
        return new AccessRequest(
                principal,
                new ToolRef(new ServerSlug(server), tool),
                Risk.READ,
                Set.of(),
                Set.of());
    }
}
