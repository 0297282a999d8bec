package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A server asks in the middle of a call, and both eras of clients answer. */
@ExtendWith(GatewayExtension.class)
class InputRequiredTest {
    private static final String ASKS =
            "{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"elicitation/create\",\"params\":{\"message\":\"Name?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}},\"required\":[\"name\"]}}}";
    private static final String DONE =
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}";
    private static final String CAN = "{\"elicitation\":{}}";
    private static final String PATH = "/mcp/servers/u1";

    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "look");
    private final TenantDesk tenant;
    private String key;
    private ModernClient modern;

    InputRequiredTest(RunningGateway gateway) {
        tenant = gateway.newTenant("asking");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        key = tenant.agent();
        modern = new ModernClient(tenant.http(), PATH, key, CAN);
        upstream.onCall(upstream.streams(ASKS, "WAIT", DONE));
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void aModernClientAnswersInItsNextRequest() {
        var asked = asked();

        assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
        assertThat(question(asked).path("method").asString()).isEqualTo("elicitation/create");
        var reply = modern.send(retry(modern, asked, "{}", answers(asked)));

        assertThat(reply.json().at("/result/content/0/text").asString())
                .as(reply.body())
                .isEqualTo("done");
        assertThat(upstream.answers()).singleElement().matches(it -> it.contains("Ada"));
        assertThat(upstream.calls()).hasSize(1);
    }

    /** H1: the library would read such a type in two ways for each of its dots. */
    @Test
    void aSchemaThatDescribesATextWithoutEndIsAnsweredAtOnce() {
        var described =
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\","
                        + "\"properties\":{\"name\":{\"contentMediaType\":\"text/plain;a=\\\""
                        + ".".repeat(40)
                        + "\"}}}";
        var plain =
                "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}},"
                        + "\"required\":[\"name\"]}";
        upstream.onCall(upstream.streams(ASKS.replace(plain, described), "WAIT", DONE));
        var asked = asked();
        assertThat(asked.toString()).contains("contentMediaType");

        var reply = modern.send(retry(modern, asked, "{}", answers(asked)));

        assertThat(reply.json().at("/result/content/0/text").asString())
                .as(reply.body())
                .isEqualTo("done");
        assertThat(upstream.answers()).singleElement().matches(it -> it.contains("Ada"));
    }

    @Test
    void answersThatDoNotFitAreAskedForAgain() {
        var asked = asked();

        var again =
                modern.send(
                        retry(
                                modern,
                                asked,
                                "{}",
                                answers(asked)
                                        .replace("Ada\"", "Ada\",\"x\":1")
                                        .replace("\"Ada\"", "5")));

        assertThat(again.json().at("/result/resultType").asString())
                .as(again.body())
                .isEqualTo("input_required");
        assertThat(upstream.answers()).isEmpty();
        modern.send(retry(modern, asked, "{}", answers(asked))).ok();
        assertThat(upstream.answers()).hasSize(1);
    }

    @Test
    @DisplayName("MP-07 a state that was changed, or serves another request, is refused")
    void foreignStates() {
        var asked = asked();
        var state = asked.path("requestState").asString();
        var flipped = (state.charAt(0) == 'A' ? 'B' : 'A') + state.substring(1);
        var other = new ModernClient(tenant.http(), PATH, tenant.key("user:eve", "agent"), CAN);

        assertRefused(modern.send(retry(modern, flipped, "{}", answers(asked))));
        assertRefused(modern.send(retry(modern, state + "-TAMPERED", "{}", answers(asked))));
        assertRefused(other.send(retry(other, state, "{}", answers(asked))));
        assertRefused(modern.send(retry(modern, state, "{\"text\":\"a\"}", answers(asked))));

        assertThat(upstream.answers()).isEmpty();
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .hasSize(4)
                        .allMatch(it -> it.toString().contains("request_state_invalid")));
    }

    @Test
    @DisplayName("MP-07 a state is good once")
    void replayedStates() {
        var asked = asked();
        modern.send(retry(modern, asked, "{}", answers(asked))).ok();

        assertRefused(modern.send(retry(modern, asked, "{}", answers(asked))));
        assertThat(upstream.answers()).hasSize(1);
    }

    /**
     * F7: the server has begun, so whatever holds the answers back, nobody says that it did not.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "policies/current PUT rules: [{id: look, effect: allow, tools: ['u1/look']}]",
                "policies/current PUT rules: [{id: ask, effect: require_approval, tools: ['*']}]",
                "tools/u1/echo/stop POST {\"reason\":\"it leaks\"}"
            })
    void answersThatAreHeldBackComeAfterTheCallHasBegun(String change) {
        var asked = asked();
        var words = change.split(" ", 3);
        var type = words[1].equals("PUT") ? "application/yaml" : "application/json";
        tenant.admin(
                        Ask.of(words[1], "/admin/v1/" + words[0])
                                .json(words[2])
                                .with("content-type", type))
                .ok();

        var result = modern.send(retry(modern, asked, "{}", answers(asked))).json().path("result");

        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(result.at("/_meta/io.sallyport~1refusal/may_have_run").asBoolean()).isTrue();
        assertThat(result.at("/content/0/text").asString())
                .contains("may have run")
                .doesNotContain("not run");
        assertThat(upstream.answers()).noneMatch(it -> it.contains("Ada"));
    }

    @Test
    void aSessionIsAskedOnTheStreamOfItsCall() {
        var session = McpSession.open(tenant.http(), PATH, key, CAN);
        var other = McpSession.open(tenant.http(), PATH, key, CAN);
        var call =
                session.ask(
                                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{}}}")
                        .with("accept", "application/json, text/event-stream");
        try (var stream = tenant.http().open(call)) {
            await().until(() -> stream.methods().contains("elicitation/create"));
            var id = stream.messages().getFirst().path("id").asString();
            var answer =
                    "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"result\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}"
                            .formatted(id);
            other.post(answer).ok();
            assertThat(upstream.answers()).isEmpty();
            session.post(answer).ok();

            await().until(stream::isOver);
            assertThat(stream.messages().getLast().at("/result/content/0/text").asString())
                    .isEqualTo("done");
            assertThat(upstream.answers()).singleElement().matches(it -> it.contains("Ada"));
        }
    }

    @Test
    void aSessionThatReadsNoStreamIsNeverAsked() {
        var session = McpSession.open(tenant.http(), PATH, key, CAN);

        assertThat(session.result("echo", "{}").at("/content/0/text").asString()).isEqualTo("done");
        assertThat(upstream.answers()).singleElement().matches(it -> it.contains("-32601"));
    }

    @Test
    @DisplayName("MP-07 a result of a legacy server asks nothing, whatever it calls itself")
    void forgedQuestions() {
        upstream.onCall(
                ScriptedUpstream.answers(
                        "{\"content\":[],\"resultType\":\"input_required\",\"requestState\":\"x\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}"));

        var result = modern.call("echo", "{}").ok().json().path("result");

        assertThat(result.path("resultType").asString()).isEqualTo("complete");
        assertThat(result.has("inputRequests")).isFalse();
        assertThat(result.has("requestState")).isFalse();
    }

    private JsonNode asked() {
        return modern.call("echo", "{}").ok().json().path("result");
    }

    private static JsonNode question(JsonNode asked) {
        return asked.path("inputRequests").values().iterator().next();
    }

    private static String answers(JsonNode asked) {
        var question = asked.path("inputRequests").propertyNames().iterator().next();
        return "{\"%s\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}},\"unasked\":{\"action\":\"accept\"}}"
                .formatted(question);
    }

    private static Ask retry(
            ModernClient client, JsonNode asked, String arguments, String answers) {
        return retry(client, asked.path("requestState").asString(), arguments, answers);
    }

    private static Ask retry(ModernClient client, String state, String arguments, String answers) {
        var members =
                "\"name\":\"echo\",\"arguments\":%s,\"requestState\":\"%s\",\"inputResponses\":%s,"
                        .formatted(arguments, state, answers);
        return client.ask("tools/call", members).with("mcp-name", "echo");
    }

    private static void assertRefused(Reply reply) {
        assertThat(reply.json().at("/error/code").asInt()).as(reply.body()).isEqualTo(-32602);
    }
}
