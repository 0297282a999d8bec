package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.YamlCases.Entry;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every case of {@code src/test/resources/cases}: a policy, then given and expect. */
class PolicyCasesTest {
    private static final String[] GIVEN = {
        "subject",
        "key",
        "groups",
        "roles",
        "key_groups",
        "client",
        "tool",
        "resource",
        "template",
        "prompt",
        "risk",
        "labels",
        "toolsets"
    };

    static Stream<Arguments> cases() {
        return YamlCases.files("cases", PolicyCasesTest::casesOf);
    }

    private static Stream<Arguments> casesOf(Entry file) {
        var policy = Policies.valid(file.only("policy", "cases").text("policy"));
        return file.entries("cases")
                .map(one -> one.only("name", "given", "expect"))
                .map(one ->
                        Arguments.of(Named.of(file.file() + ": " + one.text("name"), one), policy));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void decidesAsTheCaseFileSays(Entry one, Policy policy) {
        var given = one.entry("given").only(GIVEN);
        var expect = one.entry("expect");
        boolean lists;
        if (given.has("tool")) {
            assertExpected(policy.decide(request(given)), expect);
            lists = policy.lists(request(given));
        } else {
            assertExpected(policy.decide(content(given)), expect);
            lists = policy.lists(content(given));
        }
        assertThat(lists).as("listed").isEqualTo(!expect.has("deny"));
    }

    private static ContentRequest content(Entry given) {
        var kind =
                Stream.of(ContentKind.values())
                        .filter(it -> given.has(it.code()))
                        .findFirst()
                        .orElseThrow();
        var name = given.text(kind.code()).split("/", 2);
        return new ContentRequest(
                principal(given),
                new ServerSlug(name[0]),
                kind,
                name[1],
                Set.copyOf(given.texts("labels")));
    }

    private static AccessRequest request(Entry given) {
        var name = given.text("tool").split("/", 2);
        return new AccessRequest(
                principal(given),
                new ToolRef(new ServerSlug(name[0]), name[1]),
                Risk.of(given.text("risk", "read")).orElseThrow(),
                Set.copyOf(given.texts("labels")),
                Set.copyOf(given.texts("toolsets")));
    }

    private static Principal principal(Entry given) {
        return new Principal(
                new TenantId("acme"),
                given.text("subject", "user:somebody"),
                given.text("key", "some-key"),
                Set.copyOf(given.texts("groups")),
                Set.copyOf(given.texts("roles")),
                Set.copyOf(given.texts("key_groups")),
                given.text("client", ""));
    }

    private static void assertExpected(Decision decision, Entry expect) {
        expect.only("allow", "deny", "rule", "require_approval");
        switch (decision) {
            case Decision.Allow(var rule) -> assertThat(expect.text("allow")).isEqualTo(rule);
            case Decision.Deny(var reason, var rule) -> {
                assertThat(expect.text("deny")).isEqualTo(reason.code());
                assertThat(expect.text("rule", "")).isEqualTo(rule);
            }
            case Decision.RequireApproval(var requirements) ->
                    assertThat(requirements)
                            .extracting(ApprovalRequirement::rule)
                            .isEqualTo(expect.texts("require_approval"));
        }
    }
}
