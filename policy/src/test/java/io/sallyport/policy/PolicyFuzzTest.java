package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for whatever is sent as a policy document. */
class PolicyFuzzTest {
    private static final AccessRequest REQUEST =
            new AccessRequest(
                    new Principal(
                            new TenantId("acme"),
                            "user:ada",
                            "k",
                            Set.of("g"),
                            Set.of("r"),
                            Set.of("kg"),
                            "c"),
                    new ToolRef(new ServerSlug("crm"), "get_a"),
                    Risk.READ,
                    Set.of("outbound"),
                    Set.of("t"));

    private static final FuzzInputs DOCUMENTS =
            FuzzInputs.of(
                    List.of(
                            """
                            rules:
                              - {id: a, effect: allow, tools: ["crm/*"], subjects: [any]}
                            """,
                            """
                            rules:
                            - id: b
                              effect: require_approval
                              tools: ['risk:write']
                              approvers: [group:leads]
                              valid_for: 10m
                            """,
                            "{\"rules\":[{\"id\":\"c\",\"effect\":\"deny\",\"tools\":[\"*\"]}]}",
                            """
                            rules:
                            - id: d
                              effect: allow
                              resources: ["crm/file:///a/*"]
                              prompts: [crm/hello]
                            """),
                    List.of(
                            "rules: ",
                            "- ",
                            "id: a\n",
                            "&a ",
                            "*a ",
                            "<<: *a\n",
                            "!!str ",
                            "? ",
                            "| \n",
                            ">-\n",
                            "---\n",
                            "...\n",
                            "%YAML 1.2\n",
                            "# x\n",
                            "effect: deny",
                            "tools: [\"*\"]",
                            "[[[[",
                            "{{{{",
                            "\t",
                            "~",
                            "'",
                            "\"\\x41\\u0041\""));

    @Test
    void holdsForDocumentsFromASeed() {
        DOCUMENTS.check(getClass(), this::isAPolicyOrRefusedWithReasons);
    }

    @FuzzTest
    void isAPolicyOrRefusedWithReasons(byte[] input) {
        var document = FuzzInputs.text(input);
        switch (Policy.read(document)) {
            case PolicyReading.Invalid(var findings) -> assertThat(findings).isNotEmpty();
            case PolicyReading.Valid(var policy, _, _) -> {
                assertThat(policy.lists(REQUEST)).isEqualTo(mayRun(policy.decide(REQUEST)));
                assertThat(Policy.read(document))
                        .isInstanceOfSatisfying(
                                PolicyReading.Valid.class,
                                it -> assertThat(it.policy().digest()).isEqualTo(policy.digest()));
            }
        }
    }

    private static boolean mayRun(Decision decision) {
        return switch (decision) {
            case Decision.Allow _, Decision.RequireApproval _ -> true;
            case Decision.Deny(var reason, var _) -> {
                assertThat(reason).isNotEqualTo(DenyReason.POLICY_UNAVAILABLE);
                yield false;
            }
        };
    }
}
