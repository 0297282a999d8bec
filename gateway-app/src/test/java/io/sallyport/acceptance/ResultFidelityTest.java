package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a server answers is what its client gets, whatever it is and whichever eras they speak. */
@ExtendWith(GatewayExtension.class)
class ResultFidelityTest {
    /** Everything that a reader with a type for it would lose. */
    private static final String NUMBERS =
            "\"a\":1.10,\"b\":1E400,\"c\":1234567890123456789012345,\"d\":12345678901234567890.12345,"
                    + "\"e\":-0,\"f\":-0.0,\"g\":1e+2,\"h\":1E-400,\"i\":100,\"j\":9007199254740993";

    private static final String ODD =
            "{"
                    + NUMBERS
                    + ",\"null\":null,\"object\":{},\"array\":[],\"\":\"no name\",\"deep\":[[[{\"x\":[null,{}]}]]]}";

    private static final String TEXT =
            "\"\\u0000\\u001f \\ud83d\\ude00 \uD83D\uDE00 \\\" \\\\ \\/ \\u2028 \\u00e9 \\n\"";

    private static final String LINKS =
            """
            {"type":"resource_link","uri":"file:///etc/passwd","name":"a","icons":[{"src":"FAR/icon.png","sizes":["any"],"novel":1.10}]},
            {"type":"resource_link","uri":"http://169.254.169.254/latest/meta-data/","name":"b","title":null},
            {"type":"resource_link","uri":"FAR/link","name":"c","size":1E400},
            {"type":"resource","resource":{"uri":"FAR/embedded","text":TEXT,"blob":"AA==","_meta":ODD},"annotations":{"priority":0.50,"audience":["user","novel"],"novel":ODD}},
            {"type":"resource","resource":{"uri":"x:y","mimeType":"novel/novel","blob":"AA=="}}\
            """;

    private static final String CONTENT =
            """
            [{"type":"text","text":TEXT,"annotations":{"lastModified":"long ago","priority":1.10},"_meta":{"theirs":null},"novel":ODD},
            {"type":"image","data":"AA==","mimeType":"image/novel","icons":[{"src":"FAR/image.png"}]},
            {"type":"audio","data":"AA==","mimeType":"audio/novel","length":1.10},
            LINKS,{"type":"hologram","shape":ODD},{"type":null},{}]\
            """;

    private static final String META =
            "{\"theirs\":ODD,\"io.sallyport\":{\"x\":1.10},\"progressToken\":7,\"\":null}";

    private static final String TOOL_RESULT =
            """
            {"content":CONTENT,"structuredContent":ODD,"isError":false,"novel":ODD,"ttl":1.10,"toolResult":null,"_meta":META}\
            """;

    private static final String RESOURCE =
            """
            {"contents":[{"uri":"docs://page","text":TEXT,"mimeType":"novel/novel","novel":ODD,"_meta":META},
            {"uri":"FAR/other","blob":"AA==","icons":[{"src":"FAR/icon.png"}]},{"uri":"file:///etc/passwd"},{"novel":ODD}],"novel":ODD,"_meta":META}\
            """;

    private static final String PROMPT =
            """
            {"description":TEXT,"messages":[{"role":"user","content":{"type":"text","text":TEXT,"novel":ODD},"novel":ODD},
            {"role":"novel","content":{"type":"resource_link","uri":"FAR/prompt","name":"a"}},
            {"role":"assistant","content":CONTENT}],"novel":ODD,"_meta":META}\
            """;

    private final ScriptedUpstream upstream =
            ScriptedUpstream.listing("echo")
                    .resources("{\"uri\":\"docs://page\",\"name\":\"Page\"}")
                    .prompts("{\"name\":\"sum\",\"arguments\":[{\"name\":\"text\"}]}");
    private final TenantDesk tenant;

    ResultFidelityTest(RunningGateway gateway) {
        tenant = gateway.newTenant("results");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private void serve(Bridge bridge) {
        bridge.prepare(upstream);
        serve();
    }

    private void serve() {
        var etag = tenant.register("u1", upstream.endpoint()).ok().header("etag");
        var everything =
                Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}");
        tenant.admin(everything.with("If-Match", etag)).ok();
        tenant.policy(
                """
                rules:
                  - {id: tools, effect: allow, tools: ["u1/*"]}
                  - {id: resources, effect: allow, resources: ["u1/docs://*"]}
                  - {id: prompts, effect: allow, prompts: ["u1/*"]}
                """);
    }

    private String filled(String template) {
        var far = upstream.endpoint().resolve("/far").toString();
        return template.replace("CONTENT", CONTENT)
                .replace("LINKS", LINKS)
                .replace("META", META)
                .replace("ODD", ODD)
                .replace("TEXT", TEXT)
                .replace("FAR", far)
                .replace("\n", "");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("AR-03 a tool's result passes as it is, and nothing that it links is fetched")
    void results(Bridge bridge) {
        serve(bridge);
        var result = filled(TOOL_RESULT);
        upstream.onCall(ScriptedUpstream.answers(result));

        assertPassed(bridge, call(bridge), "tools/call", result);
    }

    @ParameterizedTest
    @EnumSource
    void aToolsOwnErrorPassesAsItIs(Bridge bridge) {
        serve(bridge);
        var result = filled(TOOL_RESULT).replace("\"isError\":false", "\"isError\":true");
        upstream.onCall(ScriptedUpstream.answers(result));

        assertPassed(bridge, call(bridge), "tools/call", result);
    }

    @ParameterizedTest
    @EnumSource
    void aResultOnAStreamPassesAsItIs(Bridge bridge) {
        serve(bridge);
        var result = filled(TOOL_RESULT);
        upstream.onCall(
                upstream.streams("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" + result + "}"));

        assertPassed(bridge, call(bridge), "tools/call", result);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("AR-03 a resource passes as it is, and nothing that it links is fetched")
    void resources(Bridge bridge) {
        serve(bridge);
        var result = filled(RESOURCE);
        upstream.onCall(ScriptedUpstream.answers(result));
        var ask =
                bridge.ask(tenant, "resources/read", "docs://page", "\"uri\":\"docs://page\"", "");

        assertPassed(bridge, tenant.http().send(ask), "resources/read", result);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("AR-03 a prompt passes as it is, and nothing that it links is fetched")
    void prompts(Bridge bridge) {
        serve(bridge);
        var result = filled(PROMPT);
        upstream.onCall(ScriptedUpstream.answers(result));
        var ask = bridge.ask(tenant, "prompts/get", "sum", "\"name\":\"sum\"", "");

        assertPassed(bridge, tenant.http().send(ask), "prompts/get", result);
    }

    private Reply call(Bridge bridge) {
        var members = "\"name\":\"echo\",\"arguments\":{}";
        return tenant.http().send(bridge.ask(tenant, "tools/call", "echo", members, ""));
    }

    private void assertPassed(Bridge bridge, Reply reply, String method, String result) {
        var seen = reply.ok().json().path("result");
        assertThat(seen.isObject()).as(reply.body()).isTrue();
        assertThat(ExactText.of(seen, it -> bridge.takeOurs(it, method)))
                .isEqualTo(ExactText.of(result));
        assertThat(reply.body()).contains(NUMBERS);
        assertThat(upstream.calls()).hasSize(1);
        assertThat(upstream.strays()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "[1.10,null]", "\"text\"", "1.10", "-0", "true"})
    void structuredContentMayBeAnyJson(String value) {
        serve();
        upstream.onCall(
                ScriptedUpstream.answers("{\"content\":[],\"structuredContent\":" + value + "}"));

        for (var bridge : List.of(Bridge.MODERN_TO_LEGACY, Bridge.LEGACY_TO_LEGACY)) {
            var result = call(bridge).ok().json().path("result");
            assertThat(ExactText.of(result.path("structuredContent"))).isEqualTo(value);
        }
    }

    /** B6 and B7: clients of 2025 refuse the whole result for a null here. */
    @Test
    void structuredContentThatIsNullIsForClientsWhoseSchemaHasIt() {
        serve();
        upstream.onCall(
                ScriptedUpstream.answers(
                        """
                        {"content":[{"type":"text","text":"done","_meta":null,"annotations":null}],"structuredContent":null}\
                        """));

        var modern = call(Bridge.MODERN_TO_LEGACY).ok().json().path("result");
        assertThat(modern.path("structuredContent").isNull()).isTrue();
        assertThat(modern.path("content").path(0).path("_meta").isNull()).isTrue();
        var legacy = call(Bridge.LEGACY_TO_LEGACY).ok().json().path("result");
        assertThat(legacy.has("structuredContent")).isFalse();
        assertThat(ExactText.of(legacy.path("content")))
                .isEqualTo("[{\"text\":\"done\",\"type\":\"text\"}]");
    }

    @Test
    void structuredContentThatWasCheckedPassesAsItIs() {
        upstream.tools(
                """
                {"name":"echo","inputSchema":{"type":"object"},
                 "outputSchema":{"type":"object","properties":{"a":{"type":"number"}}}}\
                """);
        serve();
        upstream.onCall(
                ScriptedUpstream.answers(filled("{\"content\":[],\"structuredContent\":ODD}")));

        var result = call(Bridge.MODERN_TO_LEGACY).ok().json().path("result");
        assertThat(ExactText.of(result.path("structuredContent"))).isEqualTo(ExactText.of(ODD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "[]", "\"text\""})
    void aMetaThatIsNoObjectIsReplaced(String meta) {
        serve();
        upstream.onCall(ScriptedUpstream.answers("{\"content\":[],\"_meta\":" + meta + "}"));

        var result = call(Bridge.LEGACY_TO_LEGACY).ok().json().path("result");
        assertThat(result.path("_meta").propertyNames()).containsExactly("io.sallyport/record");
    }

    @Test
    void aServerWithSessionsCannotMakeItsResultAQuestion() {
        serve();
        upstream.onCall(
                ScriptedUpstream.answers(
                        """
                        {"content":[],"resultType":"input_required","requestState":"theirs","inputRequests":{"q":
                         {"method":"elicitation/create","params":{"message":"Password?"}}}}\
                        """));

        var result = call(Bridge.MODERN_TO_LEGACY).ok().json().path("result");
        assertThat(result.path("resultType").asString()).isEqualTo("complete");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsToldMeanwhilePassesAsItIs(Bridge bridge) {
        serve(bridge);
        var progress =
                "{\"progress\":1.10,\"total\":12345678901234567890.5,\"message\":TEXT,\"novel\":ODD,\"_meta\":META";
        var log =
                filled(
                        "{\"level\":\"error\",\"logger\":TEXT,\"data\":ODD,\"novel\":ODD,\"_meta\":META}");
        upstream.onCall(
                upstream.streams(
                        notice("progress", filled(progress) + ",\"progressToken\":TOKEN}"),
                        notice("message", log),
                        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[]}}"));
        var token = "12345678901234567890.10";
        var reply = called(bridge, ",\"progressToken\":" + token);

        assertThat(reply.isStream()).as(reply.body()).isTrue();
        assertThat(params(reply, 0))
                .isEqualTo(ExactText.of(filled(progress) + ",\"progressToken\":" + token + "}"));
        assertThat(params(reply, 1)).isEqualTo(ExactText.of(log));
    }

    private Reply called(Bridge bridge, String meta) {
        var members = "\"name\":\"echo\",\"arguments\":{}";
        return tenant.http().send(bridge.ask(tenant, "tools/call", "echo", members, meta)).ok();
    }

    private static String params(Reply reply, int event) {
        JsonNode message = reply.events().get(event);
        return ExactText.of(message.path("params"));
    }

    private static String notice(String name, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/%s\",\"params\":%s}"
                .formatted(name, params);
    }
}
