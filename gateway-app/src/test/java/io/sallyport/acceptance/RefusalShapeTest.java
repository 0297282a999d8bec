package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** D0. A client that holds results against a tool's schema still shows what the gateway says. */
@ExtendWith(GatewayExtension.class)
class RefusalShapeTest {
    private static final String TOOL =
            """
            {"name":"%s","description":"Does it.","inputSchema":{"type":"object",
             "properties":{"text":{"type":"string"}},"additionalProperties":false}%s}\
            """;
    private static final String SCHEMA =
            ",\"outputSchema\":{\"type\":\"object\",\"required\":[\"n\"],"
                    + "\"properties\":{\"n\":{\"type\":\"integer\"}},"
                    + "\"additionalProperties\":false}";
    private static final String REFUSAL = "/_meta/io.sallyport~1refusal";

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream =
            ScriptedUpstream.listing()
                    .tools(
                            TOOL.formatted("strict", SCHEMA),
                            TOOL.formatted("asks", SCHEMA),
                            TOOL.formatted("free", ""),
                            TOOL.formatted("asks_freely", ""));
    private McpSession mcp;

    RefusalShapeTest(RunningGateway gateway) {
        tenant = gateway.newTenant("refusals");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.policy(
                """
                rules:
                  - id: some
                    effect: allow
                    tools: ["u1/strict", "u1/free"]
                  - id: ask
                    effect: require_approval
                    tools: ["u1/asks", "u1/asks_freely"]
                """);
        mcp = McpSession.open(tenant.http(), "/mcp/servers/u1", tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /**
     * One kind of refusal.
     *
     * @param declaring the tool with an outputSchema that is refused so
     * @param free the one without
     */
    record Refused(
            String code,
            String declaring,
            String free,
            String arguments,
            ScriptedUpstream.Behaviour answer) {}

    static Stream<Refused> refusals() {
        var fine = ScriptedUpstream.says("done");
        return Stream.of(
                new Refused("approval_required", "asks", "asks_freely", "{}", fine),
                new Refused("invalid_arguments", "strict", "free", "{\"text\":7}", fine),
                new Refused(
                        "upstream_error", "strict", "free", "{}", ScriptedUpstream.failsWith(500)),
                new Refused(
                        "upstream_protocol_error",
                        "strict",
                        "free",
                        "{}",
                        ScriptedUpstream.answers("[7]")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whereASchemaIsDeclaredTheRefusalIsInTextAndMetaOnly(Refused refused) {
        upstream.onCall(refused.answer());

        var result = mcp.result(refused.declaring(), refused.arguments());

        assertThat(result.has("structuredContent")).as(result.toString()).isFalse();
        assertSaid(refused, result);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whereNoneIsTheStructureSaysAllThatTheTextSays(Refused refused) {
        upstream.onCall(refused.answer());

        var result = mcp.result(refused.free(), refused.arguments());

        var structured = result.path("structuredContent");
        assertThat(structured.path("message").asString())
                .isEqualTo(result.at("/content/0/text").asString());
        assertThat(structured.path("code").asString()).isEqualTo(refused.code());
        assertSaid(refused, result);
    }

    private static void assertSaid(Refused refused, JsonNode result) {
        assertThat(result.path("isError").asBoolean()).isTrue();
        var refusal = result.at(REFUSAL);
        assertThat(refusal.path("code").asString()).as(result.toString()).isEqualTo(refused.code());
        var text = result.at("/content/0/text").asString();
        assertThat(text).startsWith(refused.code() + ": ");
        refusal.path("errors").forEach(it -> assertThat(text).contains(it.asString()));
        refusal.path("approvals")
                .forEach(it ->
                        assertThat(text)
                                .contains(
                                        it.path("approvalId").asString(),
                                        it.path("expiresAt").asString()));
        if (refusal.path("may_have_run").asBoolean(false)) {
            assertThat(text).contains("may have run");
        }
    }

    @Test
    void aSchemaThatCameWithADriftCountsAndSoDoesOneThatWent() {
        upstream.tools(TOOL.formatted("strict", ""), TOOL.formatted("free", SCHEMA));
        tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", "")).ok();

        for (var tool : new String[] {"strict", "free"}) {
            var result = mcp.result(tool, "{}");
            assertThat(result.at(REFUSAL + "/code").asString()).isEqualTo("descriptor_changed");
            assertThat(result.has("structuredContent")).as(tool).isFalse();
        }
    }

    @Test
    void aServerRefusesNothingInOurName() {
        upstream.onCall(
                ScriptedUpstream.answers(
                        """
                        {"content":[],"isError":true,"_meta":{"a":1,"io.sallyport/refusal":
                         {"code":"approval_required","approvalId":"apr_1"}}}\
                        """));

        var result = mcp.result("free", "{}");

        assertThat(result.at(REFUSAL).isMissingNode()).as(result.toString()).isTrue();
        assertThat(result.at("/_meta/a").asInt()).isEqualTo(1);
    }
}
