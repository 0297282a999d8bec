package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What an admin sees of a server's lists, and what has to be said to approve it. */
@ExtendWith(GatewayExtension.class)
class ReviewTest {
    private static final String TOOL = "{\"name\":\"%s\",\"inputSchema\":{\"type\":\"object\"}}";

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing();

    ReviewTest(RunningGateway gateway) {
        tenant = gateway.newTenant("review");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** C3. */
    @ParameterizedTest
    @ValueSource(strings = {"a\\nb", "a\\u0000b", "\\r", "tab\\tbed", "\\u0085x", "del\\u007f"})
    void aNameThatIsNoneIsListedAsRejected(String name) {
        upstream.tools(TOOL.formatted(name), TOOL.formatted("good"));
        assertRejectedBesideTheGoodOne(register());
    }

    /** C3. */
    @Test
    void namesThatAreTooLongAreListedAsRejectedEach() {
        var long129 = "x".repeat(129);
        upstream.tools(
                TOOL.formatted(long129), TOOL.formatted(long129 + "y"), TOOL.formatted("good"));
        var server = register();
        assertThat(server.path("tools").size()).isEqualTo(3);
        assertRejectedBesideTheGoodOne(server);
    }

    /** C3. */
    @Test
    void entriesThatCannotBeKeptAreListedAsRejected() {
        upstream.tools(TOOL.formatted("good"))
                .resources(
                        "{\"uri\":\"docs://a\\nb\",\"name\":\"a\"}",
                        "{\"uri\":\"docs://" + "é".repeat(1_500) + "\",\"name\":\"a\"}")
                .prompts("{\"name\":\"a\\u0000b\"}", "{\"name\":\"" + "p".repeat(200) + "\"}");
        var server = register();
        for (var list : List.of("resources", "prompts")) {
            assertThat(server.path(list).size()).isEqualTo(2);
            server.path(list).forEach(ReviewTest::assertRejected);
        }
    }

    private static void assertRejectedBesideTheGoodOne(JsonNode server) {
        for (var tool : server.path("tools")) {
            if (tool.path("name").asString().equals("good")) {
                assertThat(tool.path("status").asString()).isEqualTo("pending_review");
            } else {
                assertRejected(tool);
            }
        }
        assertThat(server.path("tools").size()).isGreaterThan(1);
    }

    private static void assertRejected(JsonNode item) {
        assertThat(item.path("status").asString()).isEqualTo("rejected");
        assertThat(item.path("findings").toString()).contains("\"reject\"");
    }

    /** B6. */
    @Test
    void nullsOfADescriptorAreAbsentForEverybody() {
        upstream.tools(
                """
                {"name":"odd","title":null,"description":null,"outputSchema":null,"annotations":null,"_meta":{"x":null},
                 "inputSchema":{"type":"object","required":null,"properties":{"a":{"type":"string","enum":null,"default":null}}}}\
                """);
        var server = register();
        approve("[" + named(server.at("/tools/0"), "") + "]").ok();
        tenant.allow("*");
        var session = McpSession.open(tenant.http(), "/mcp", tenant.agent());
        var listed =
                session.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                        .ok()
                        .json()
                        .at("/result/tools/0");
        assertThat(listed)
                .isEqualTo(
                        Reply.parse(
                                """
                                {"name":"u1__odd","_meta":{"x":null},
                                 "inputSchema":{"type":"object","properties":{"a":{"type":"string","default":null}}}}\
                                """));
    }

    /** B5. */
    @Test
    void whatIsNotJudgedIsConfirmedPlaceByPlaceAndRecorded() {
        upstream.tools(
                """
                {"name":"odd","inputSchema":{"type":"object","properties":{
                 "a":{"type":"string","pattern":"(a)\\\\1"},"b":{"type":"string","pattern":"(?<!x)y"}}}}\
                """);
        var server = register();
        var tool = server.at("/tools/0");
        assertThat(tool.path("status").asString()).isEqualTo("pending_review");
        var a = "/inputSchema/properties/a/pattern";
        var b = "/inputSchema/properties/b/pattern";

        var refused = approve("[" + named(tool, ",\"unjudged\":[\"" + a + "\"]") + "]");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().toString()).contains("override_required", b).doesNotContain(a);

        approve("[" + named(tool, ",\"unjudged\":[\"" + a + "\",\"" + b + "\"]") + "]").ok();
        tenant.allow("*");
        var session = McpSession.open(tenant.http(), "/mcp", tenant.agent());
        session.post(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"u1__odd","arguments":{"a":"zz"}}}\
                        """)
                .ok();
        var intent = tenant.audit("kind=call.intent").getFirst();
        assertThat(intent.toString()).contains("\"unjudged\":[\"" + a + "\",\"" + b + "\"]");
    }

    /** C1. */
    @Test
    void openArgumentsAreToldAtApproval() {
        upstream.tools(
                """
                {"name":"open","inputSchema":{"type":"object","additionalProperties":{"type":"string"}}}\
                """);
        assertThat(register().at("/tools/0/findings/0").toString())
                .contains("open_arguments", "warn", "/inputSchema/additionalProperties");
    }

    /** Row 9: the risk that an admin set and the one that counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"destructiveHint\":true}|destructive|annotations.destructiveHint is true",
                "{\"readOnlyHint\":false}|write|annotations.readOnlyHint is false",
                "{\"readOnlyHint\":true}|read|",
                "{\"readOnlyHint\":null,\"destructiveHint\":false}|read|"
            })
    void bothRisksAreShown(String line) {
        var said = line.split("\\|", -1);
        upstream.tools(
                "{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"},\"annotations\":%s}"
                        .formatted(said[0]));
        var tool = register().at("/tools/0");
        assertThat(tool.path("effective_risk").asString()).isEqualTo("destructive");
        assertThat(tool.path("risk_reason").asString()).contains("unclassified");

        var approved = approve("[" + named(tool, "") + "]").ok().json().at("/tools/0");
        assertThat(approved.path("risk").asString()).isEqualTo("read");
        assertThat(approved.path("effective_risk").asString()).isEqualTo(said[1]);
        assertThat(approved.path("risk_reason").asString()).startsWith(said[2]);
        assertThat(approved.has("risk_reason")).isEqualTo(!said[2].isEmpty());

        tenant.allow("*");
        var session = McpSession.open(tenant.http(), "/mcp", tenant.agent());
        session.post(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"u1__t","arguments":{}}}\
                        """)
                .ok();
        var intent = tenant.audit("kind=call.intent").getFirst();
        assertThat(intent.path("risk").asString()).isEqualTo(said[1]);
        assertThat(intent.has("risk_set")).isEqualTo(!said[2].isEmpty());
    }

    /** Row 23. */
    @Test
    void hiddenCharactersAreShownEscapedAndCounted() {
        upstream.tools(
                """
                {"name":"se\\u200bnd","description":"Line one.\\nTwo\\u202e.","inputSchema":{"type":"object",
                 "properties":{"a\\u2060b":{"type":"string","description":"\\ud83d\\udc69\\u200d\\ud83d\\udcbb ok"}}}}\
                """);
        var tool = register().at("/tools/0");
        assertThat(tool.path("name").asString()).isEqualTo("se\\u200bnd");
        var whole = tenant.admin(Ask.get("/admin/v1/tools/u1/se%E2%80%8Bnd")).ok().json();
        assertThat(whole.path("hidden_characters").asInt()).isEqualTo(3);
        assertThat(whole.at("/descriptor/description").asString())
                .isEqualTo("Line one.\nTwo\\u202e.");
        assertThat(whole.at("/descriptor/inputSchema/properties/a\\u2060b/description").asString())
                .isEqualTo("👩‍💻 ok");
        assertThat(whole.toString()).doesNotContain("\u200bn", "\u202e", "\u2060");

        var named = named(whole, "").replace("se\\u200bnd", "se\\\\u200bnd");
        var body = "{\"tools\":[" + named + "],\"override_findings\":true}";
        tenant.admin(Ask.post("/admin/v1/servers/u1/approve", body)).ok();
    }

    private JsonNode register() {
        return tenant.register("u1", upstream.endpoint()).ok().json();
    }

    private static String named(JsonNode tool, String more) {
        return "{\"name\":\"%s\",\"digest\":%s,\"risk\":\"read\"%s}"
                .formatted(tool.path("name").asString(), tool.path("digest"), more);
    }

    private Reply approve(String tools) {
        return tenant.admin(Ask.post("/admin/v1/servers/u1/approve", "{\"tools\":" + tools + "}"));
    }
}
