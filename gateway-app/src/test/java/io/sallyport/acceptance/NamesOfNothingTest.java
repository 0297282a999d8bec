package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Row 19: what names something that is not there is accepted, and that is said. */
@ExtendWith(GatewayExtension.class)
class NamesOfNothingTest {
    private static final String CURRENT = "/admin/v1/policies/current";

    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream =
            ScriptedUpstream.listing("echo", "wipe")
                    .resources("{\"uri\":\"docs://a\",\"name\":\"a\"}")
                    .prompts("{\"name\":\"greet\"}");

    NamesOfNothingTest(RunningGateway gateway) {
        this.gateway = gateway;
        tenant = gateway.newTenant("nothing");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.toolset("all", "u1/*");
        tenant.newKey("{\"owner\":\"user:ada\",\"groups\":[\"support\"]}");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static List<String> entries(JsonNode answer) {
        assertThat(answer.path("remarks").isArray()).as(answer.toString()).isTrue();
        return answer.path("remarks").valueStream().map(it -> it.path("entry").asString()).toList();
    }

    private static Ask yaml(Ask ask) {
        return ask.with("content-type", "application/yaml");
    }

    private JsonNode published(String policy) {
        return tenant.admin(yaml(Ask.put(CURRENT, policy))).ok().json();
    }

    private static String rule(String members) {
        return "rules:\n  - {id: a, effect: require_approval, " + members + "}\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tools: ["u1/echo", "u1/e*", "*/wipe", "*"]                            |
                    tools: ["u1/echo", "u1/delete", "u2/echo", "u*/drop_*"]               | u1/delete,u2/echo,u*/drop_*
                    tools: ["u1/Echo"]                                                    | u1/Echo
                    tools: ["risk:read", "risk:write"]                                    | risk:write
                    tools: ["label:outbound"]                                             | label:outbound
                    tools: ["toolset:all", "toolset:some"]                                | toolset:some
                    resources: ["u1/docs://a", "u1/docs://*", "u1/docs://b", "u9/*"]      | u1/docs://b,u9/*
                    prompts: ["u1/greet", "u1/bye", "label:public"]                       | u1/bye,label:public
                    tools: ["*"], subjects: ["user:ada", "user:bob", "any"]               | user:bob
                    tools: ["*"], subjects: ["group:support", "group:sales", "key:k1"]    | group:sales,key:k1
                    tools: ["*"], subjects: ["role:agent", "role:pilot", "client:ide"]    | role:pilot
                    tools: ["*"], approval: {approvers: ["role:boss", "user:ada"]}        | role:boss
                    """)
    void aPolicyIsAcceptedWithARemarkForEachNameOfNothing(
            String members, @Nullable String nothing) {
        var expected = nothing == null ? List.<String>of() : List.of(nothing.split(","));
        var answer = published(rule(members));

        assertThat(entries(answer)).containsExactlyElementsOf(expected);
        assertThat(entries(validated(rule(members)))).isEqualTo(expected);
        assertThat(answer.path("version").asInt()).isEqualTo(1);
    }

    private JsonNode validated(String policy) {
        return tenant.admin(yaml(Ask.post("/admin/v1/policies/validate", policy))).ok().json();
    }

    @Test
    void aRemarkSaysWhere() {
        var remark =
                published(
                                """
                                rules:
                                  - id: a
                                    effect: allow
                                    tools:
                                      - u1/echo
                                      - u1/ech0
                                """)
                        .at("/remarks/0");

        assertThat(remark.toString())
                .isEqualTo(
                        "{\"code\":\"matches_nothing\",\"entry\":\"u1/ech0\","
                                + "\"message\":\"It matches no tool.\",\"line\":6,\"column\":9}");
    }

    @Test
    void validatingChangesNothing() {
        validated(rule("tools: [\"u1/*\"]"));

        assertThat(tenant.admin(Ask.get(CURRENT)).status()).isEqualTo(404);
        assertThat(tenant.audit("kind=policy.published")).isEmpty();
        var bad = tenant.admin(yaml(Ask.post("/admin/v1/policies/validate", "rules: 7")));
        assertThat(bad.status()).isEqualTo(422);
    }

    @Test
    void aResourceThatATemplateMayGiveIsNotJudged() {
        try (var templates =
                ScriptedUpstream.listing("t")
                        .templates("{\"uriTemplate\":\"docs://{page}\",\"name\":\"p\"}")) {
            tenant.serve("u2", templates.endpoint());
            assertThat(entries(published(rule("resources: [\"u2/docs://x\", \"u1/docs://x\"]"))))
                    .containsExactly("u1/docs://x");
        }
    }

    @Test
    void aToolsetAModelAndAKeyAreAcceptedAlike() {
        var toolset =
                tenant.admin(
                        Ask.put(
                                "/admin/v1/toolsets/some",
                                "{\"tools\":[\"u1/*\",\"u1/drop\",\"crm/*\"]}"));
        assertThat(entries(toolset.ok().json())).containsExactly("u1/drop", "crm/*");

        var model = "{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"http://127.0.0.1:1/v1\"";
        model +=
                ",\"model\":\"m\",\"egress\":{\"allow\":[\"127.0.0.1/32:1\"]}}],\"toolset\":\"%s\"}";
        assertThat(entries(put("models/m", model.formatted("nix")))).containsExactly("nix");
        assertThat(entries(put("models/m", model.formatted("all")))).isEmpty();

        var key =
                tenant.newKey(
                        "{\"owner\":\"user:x\",\"models\":[\"m\",\"n\"],\"toolsets\":[\"all\",\"x\"]}");
        assertThat(entries(key)).containsExactly("n", "x");
        var path = "/admin/v1/keys/" + key.path("id").asString();
        var changed = tenant.admin(Ask.of("PATCH", path).json("{\"toolsets\":[\"y\"]}"));
        assertThat(entries(changed.ok().json())).containsExactly("n", "y");
    }

    private JsonNode put(String path, String body) {
        return tenant.admin(Ask.put("/admin/v1/" + path, body)).ok().json();
    }

    @Test
    void whatAnotherTenantHasIsNothing() {
        var other = gateway.newTenant("nothing-other");
        other.toolset("theirs", "*");
        var key = other.newKey("{\"owner\":\"user:eve\",\"groups\":[\"theirs\"]}");
        var policy =
                rule(
                        "tools: [\"toolset:theirs\"], subjects: [\"user:eve\", \"group:theirs\","
                                + " \"key:%s\"]".formatted(key.path("id").asString()));

        assertThat(entries(published(policy))).hasSize(4);
        other.policy(rule("tools: [\"u1/echo\"]"));
        var remarked = other.admin(Ask.put("/admin/v1/toolsets/t", "{\"tools\":[\"u1/echo\"]}"));
        assertThat(entries(remarked.ok().json())).containsExactly("u1/echo");
    }

    @Test
    void keysOfThePlatformAreNothingToATenantsAdmin() {
        var platform = TenantDesk.existing(gateway.http(), gateway.platformKey(), "default");
        var boss = platform.key("user:boss", "admin");
        var ask =
                yaml(
                        Ask.post(
                                "/admin/v1/policies/validate",
                                rule("tools: [\"*\"], subjects: [\"user:dev-admin\"]")));

        assertThat(entries(gateway.send(ask.bearer(boss)).ok().json()))
                .containsExactly("user:dev-admin");
        assertThat(entries(platform.admin(ask).ok().json())).isEmpty();
    }

    @Test
    void aHugePolicyIsNotComparedWithoutEnd() {
        upstream.tools(
                IntStream.range(0, 900)
                        .mapToObj(it ->
                                "{\"name\":\"t%d\",\"inputSchema\":{\"type\":\"object\"}}"
                                        .formatted(it))
                        .toArray(String[]::new));
        tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", "")).ok();
        var patterns =
                IntStream.range(0, 4_000)
                        .mapToObj(it -> "\"*u/no_%d*\"".formatted(it))
                        .collect(Collectors.joining(", "));

        var remarks = validated(rule("tools: [" + patterns + "]")).path("remarks");
        assertThat(remarks.size()).isEqualTo(101);
        assertThat(remarks.get(100).path("code").asString()).isEqualTo("not_all_checked");
    }
}
