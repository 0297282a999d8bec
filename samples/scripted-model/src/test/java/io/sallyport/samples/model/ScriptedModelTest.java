package io.sallyport.samples.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class ScriptedModelTest {

    private static final String USER = "{\"role\":\"user\",\"content\":\"hello\"}";
    private static final String ASSISTANT = "{\"role\":\"assistant\",\"content\":\"so\"}";

    private final HttpClient http = HttpClient.newHttpClient();
    private ScriptedModel model = start(Script.standard());

    @AfterEach
    void stop() {
        model.close();
    }

    static List<Round> rounds() {
        return List.of(
                Round.says("Hello."),
                Round.says(""),
                Round.says("Grüße, 世界 and 👩‍👩‍👧: \"quoted\"\n\\ and\u2028more"),
                Round.calls("notes__list_notes", "{}"),
                Round.says("Let me look.").and("a", "{\"city\":\"Zürich 🏔\"}").and("a", "{}"),
                Round.calls("broken", "{not json"),
                Round.calls("empty", ""),
                Round.says("cut off by").finishing("length"),
                Round.says("hm").finishing("content_filter"),
                Round.says("One piece.").inPiecesOf(1000),
                Round.says("Letters.").inPiecesOf(1).costing(11, 7));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void saysTheSameInAStreamAndInOneBody(Round round) throws Exception {
        restart(Script.of(round));

        var plain = tree(post(request("any", false, USER)));
        var streamed = StreamReader.assemble(post(request("any", true, USER)).body());

        assertThat(OpenAiSchema.faults("CreateChatCompletionResponse", plain)).isEmpty();
        var message = (ObjectNode) plain.at("/choices/0/message").deepCopy();
        message.remove(List.of("refusal", "annotations"));
        assertThat(streamed.get("message")).isEqualTo(message);
        assertThat(streamed.get("finish_reason")).isEqualTo(plain.at("/choices/0/finish_reason"));
    }

    @Test
    void tellsUsageInAStreamOnlyIfAsked() throws Exception {
        restart(Script.of(Round.says("Hello there.").costing(11, 7)));

        var without = StreamReader.chunks(post(request("any", true, USER)).body());
        assertThat(without).noneMatch(chunk -> chunk.has("usage"));

        var asked = requestWith("any", true, USER, ",\"stream_options\":{\"include_usage\":true}");
        var with = StreamReader.chunks(post(asked).body());
        assertThat(with.getLast().path("choices")).isEmpty();
        assertThat(with.getLast().at("/usage/total_tokens").asInt()).isEqualTo(18);
        assertThat(with.subList(0, with.size() - 1))
                .allMatch(chunk -> chunk.path("usage").isNull() && chunk.has("usage"));
        assertThat(tree(post(request("any", false, USER))).path("usage"))
                .isEqualTo(with.getLast().path("usage"));
    }

    @Test
    void splitsTextAndArgumentsOverSeveralChunks() throws Exception {
        restart(Script.of(Round.says("More than eight letters.").and("t", "{\"text\":\"long\"}")));

        var chunks = StreamReader.chunks(post(request("any", true, USER)).body());

        assertThat(chunks).hasSize(1 + 3 + 1 + 2 + 1);
    }

    @Test
    void choosesTheRoundByTheAnswersSinceTheLastUserMessage() throws Exception {
        restart(Script.of(Round.says("one"), Round.says("two"), Round.says("three")));

        assertThat(content(USER)).isEqualTo("one");
        assertThat(content(USER, ASSISTANT)).isEqualTo("two");
        assertThat(content(USER, ASSISTANT, ASSISTANT)).isEqualTo("three");
        assertThat(content(USER, ASSISTANT, ASSISTANT, ASSISTANT)).isEqualTo("three");
        assertThat(content(USER, ASSISTANT, ASSISTANT, USER)).isEqualTo("one");
    }

    @Test
    void givesEachCallOfAConversationItsOwnId() throws Exception {
        restart(Script.of(Round.calls("a", "{}").and("a", "{}")));

        var first = tree(post(request("any", false, USER))).toString();
        var second = tree(post(request("any", false, USER, ASSISTANT))).toString();

        assertThat(first).contains("call_00000000", "call_00000001");
        assertThat(second).contains("call_00010000", "call_00010001");
    }

    @Test
    void demoLooksThenDeletesThenCreatesThenTellsWhatTheToolsSaid() throws Exception {
        var called =
                """
                {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",\
                "function":{"name":"notes__list_notes","arguments":"{}"}}]}\
                """;
        var result =
                """
                {"role":"tool","tool_call_id":"c1","content":"n1  Groceries"}\
                """;
        var denied =
                """
                {"role":"tool","tool_call_id":"c9",\
                "content":[{"type":"text","text":"Error: denied"}]}\
                """;

        assertThat(demo(USER))
                .contains("Let me look.", "notes__list_notes", "weather__get_forecast");
        assertThat(demo(USER, called, result)).contains("notes__delete_note");
        assertThat(demo(USER, called, result, called)).contains("notes__create_note");
        assertThat(demo(USER, called, result, called, called, denied))
                .contains("- notes__list_notes: n1  Groceries", "Error: denied")
                .doesNotContain("{{", "tool_calls");
    }

    @Test
    void threeRoundsCallTwoToolsEach() throws Exception {
        assertThat(calls("scripted-three-rounds", USER)).isEqualTo(2);
        assertThat(calls("scripted-three-rounds", USER, ASSISTANT)).isEqualTo(2);
        assertThat(calls("scripted-three-rounds", USER, ASSISTANT, ASSISTANT)).isEqualTo(2);
        assertThat(calls("scripted-three-rounds", USER, ASSISTANT, ASSISTANT, ASSISTANT)).isZero();
    }

    @Test
    void foreverNeverStopsCalling() throws Exception {
        assertThat(calls("scripted-forever", USER)).isEqualTo(1);
        assertThat(calls("scripted-forever", USER, ASSISTANT, ASSISTANT)).isEqualTo(1);
    }

    @Test
    void listsItsModels() throws Exception {
        var models = tree(get("/v1/models"));

        assertThat(OpenAiSchema.faults("ListModelsResponse", models)).isEmpty();
        assertThat(models.path("data").findValuesAsString("id"))
                .containsExactly(
                        "scripted-demo",
                        "scripted-forever",
                        "scripted-plain",
                        "scripted-slow-stream",
                        "scripted-three-rounds");
    }

    @Test
    void refusesAModelWithoutAScript() throws Exception {
        var answer = post(request("gpt", false, USER));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(tree(answer).at("/error/code").asString()).isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{}", "{\"model\":1}", "{\"model\":\"m\",\"messages\":[]}"})
    void refusesWhatIsNoRequest(String body) throws Exception {
        var answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(OpenAiSchema.faults("ErrorResponse", tree(answer))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 429, 500, 503})
    void failsWhereTheScriptSaysSo(int status) throws Exception {
        restart(Script.of(Round.fails(status)));

        var answer = post(request("any", true, USER));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(OpenAiSchema.faults("ErrorResponse", tree(answer))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/chat/completions", "/v1/chat/completions/x", "/v1/models/x"})
    void answersUnknownPathsAndMethodsInTheSameShape(String path) throws Exception {
        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(OpenAiSchema.faults("ErrorResponse", tree(answer))).isEmpty();
    }

    @Test
    void breaksTheConnectionWhereTheScriptSaysSo() {
        restart(Script.of(Round.says("A long enough sentence.").cutAfter(2)));

        assertThatThrownBy(() -> post(request("any", true, USER))).isInstanceOf(IOException.class);
        assertThat(model.abandoned()).isZero();
    }

    @Test
    void pausesEndWhenTheModelIsClosed() throws Exception {
        restart(Script.of(Round.says("Late.").pausing(Duration.ofHours(1))));
        var answer =
                http.sendAsync(
                        httpRequest(request("any", true, USER)), BodyHandlers.ofInputStream());
        answer.join(); // the headers are there, the first chunk waits

        model.close();

        assertThat(answer).isCompleted();
    }

    @Test
    void noticesAClientThatLeaves() throws Exception {
        restart(Script.of(Round.says("x".repeat(20_000)).inPiecesOf(1)));
        var answer =
                http.send(httpRequest(request("any", true, USER)), BodyHandlers.ofInputStream());

        answer.body().close();

        while (model.abandoned() == 0) {
            Thread.onSpinWait(); // bounded by the timeout of this class
        }
        assertThat(model.abandoned()).isEqualTo(1);
    }

    @Test
    void keepsWhatArrived() throws Exception {
        var body = request("scripted-plain", false, USER);
        post(body);

        assertThat(model.requests()).containsExactly(body);
        assertThat(model.received().getFirst().header("authorization"))
                .containsExactly("Bearer provider-key");
        assertThat(model.received().getFirst().header("cookie")).isEmpty();
    }

    @Test
    void saysThatAPortIsTaken() {
        assertThatThrownBy(() -> ScriptedModel.start(model.port(), Script.standard()))
                .isInstanceOf(BindException.class);
    }

    private String content(String... messages) throws Exception {
        return tree(post(request("any", false, messages)))
                .at("/choices/0/message/content")
                .asString();
    }

    private String demo(String... messages) throws Exception {
        return tree(post(request("scripted-demo", false, messages)))
                .at("/choices/0/message")
                .toString();
    }

    private int calls(String name, String... messages) throws Exception {
        return tree(post(request(name, false, messages)))
                .at("/choices/0/message/tool_calls")
                .size();
    }

    private static String request(String name, boolean stream, String... messages) {
        return requestWith(name, stream, String.join(",", messages), "");
    }

    private static String requestWith(String name, boolean stream, String messages, String more) {
        return "{\"model\":\"%s\",\"stream\":%s,\"messages\":[%s]%s}"
                .formatted(name, stream, messages, more);
    }

    private HttpResponse<String> post(String body) throws Exception {
        return http.send(httpRequest(body), BodyHandlers.ofString());
    }

    private HttpRequest httpRequest(String body) {
        return HttpRequest.newBuilder(URI.create(model.endpoint() + "/chat/completions"))
                .header("Authorization", "Bearer provider-key")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        var uri = model.endpoint().resolve(path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private void restart(Script script) {
        model.close();
        model = start(script);
    }

    private static ScriptedModel start(Script script) {
        try {
            return ScriptedModel.start(0, script);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
