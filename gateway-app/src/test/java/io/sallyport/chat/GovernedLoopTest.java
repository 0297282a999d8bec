package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GovernedLoopTest {
    private static final String FINAL = "Rain: weather says so. \uD83C\uDF27 Bring a coat.";
    private static final String CONTENT = "Let me look.\n\nAnd the alerts.\n\n" + FINAL;

    private ScriptedModel model;
    private ChatServer server;

    @BeforeEach
    void start() throws IOException {
        model =
                ScriptedModel.start(
                        0,
                        Script.of(
                                says("Let me look.", "Oslo", "Bergen").costing(10, 1),
                                says("And the alerts.", "Rome", "Bari").costing(20, 2),
                                says("", "Lima", "Quito").costing(30, 3),
                                Round.says(FINAL).costing(40, 4)));
        server = ChatServer.of(Tenant.at(model.endpoint()));
    }

    private static Round says(String text, String first, String second) {
        return Round.says(text)
                .and("weather__get_forecast", "{\"city\":\"" + first + "\"}")
                .and("weather__get_alerts", "{\"city\":\"" + second + "\"}");
    }

    @AfterEach
    void stop() {
        server.close();
        model.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threeRoundsOfParallelCallsAreOneCompletion(boolean stream) throws Exception {
        var answer = server.chat(Bodies.ask("agent", stream));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(CONTENT);
        assertThat(answer.finish()).isEqualTo("stop");
        assertThat(answer.body()).doesNotContain("\"tool_calls\":[{\"index\"", "weather__");
        assertThat(server.gate.names()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void usageIsSummedOverAllRoundsWithDetails(boolean stream) throws Exception {
        var usage = server.chat(Bodies.ask("agent", stream)).usage();

        assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(100);
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(10);
        assertThat(usage.path("total_tokens").asInt()).isEqualTo(110);
        assertThat(usage.path("completion_tokens_details").path("reasoning_tokens").asInt(-1))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theReportNamesTheRunAndEveryCall(boolean stream) throws Exception {
        var answer = server.chat(Bodies.ask("agent", stream));
        var report = answer.report();

        assertThat(report.path("run_id").asString()).isEqualTo(answer.header("x-sallyport-run-id"));
        assertThat(report.path("status").asString()).isEqualTo("ok");
        assertThat(report.path("rounds").asInt()).isEqualTo(4);
        assertThat(report.path("tool_calls")).hasSize(6);
        var first = report.path("tool_calls").path(0);
        assertThat(first.path("server").asString()).isEqualTo("weather");
        assertThat(first.path("tool").asString()).isEqualTo("get_forecast");
        assertThat(first.path("status").asString()).isEqualTo("ok");
        assertThat(first.path("record").asString()).isEqualTo("w:1:7");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theModelGetsResultsInCallOrder(boolean stream) throws Exception {
        server.chat(Bodies.ask("agent", stream));

        var messages = Answer.parse(model.requests().get(1)).path("messages");
        assertThat(messages).hasSize(4);
        assertThat(messages.path(1).path("tool_calls")).hasSize(2);
        assertThat(messages.path(2).path("content").asString())
                .isEqualTo("get_forecast says {\"city\":\"Oslo\"}");
        assertThat(messages.path(3).path("content").asString())
                .isEqualTo("get_alerts says {\"city\":\"Bergen\"}");
        assertThat(messages.path(3).path("tool_call_id"))
                .isEqualTo(messages.path(1).path("tool_calls").path(1).path("id"));
    }

    @Test
    void theAnswerHasAnIdOfOursAndTheAliasOfTheClient() throws Exception {
        var answer = server.chat(Bodies.ask("agent", false)).json();

        assertThat(answer.path("id").asString()).startsWith("chatcmpl-");
        assertThat(answer.path("model").asString()).isEqualTo("agent");
        assertThat(answer.path("created").asLong())
                .isEqualTo(ChatServer.CLOCK.instant().getEpochSecond());
        assertThat(model.requests()).allMatch(it -> it.contains("\"model\":\"big-model\""));
    }

    @Test
    void theStreamHasNoUsageChunkUnlessAskedFor() throws Exception {
        var answer = server.chat(Bodies.ask("agent", "\"stream\":true"));

        assertThat(answer.chunks()).noneMatch(it -> it.has("usage"));
        assertThat(model.requests()).allMatch(it -> it.contains("\"include_usage\":true"));
    }

    @Test
    void theRunIsRecordedWithItsUsage() throws Exception {
        server.chat(Bodies.ask("agent", false));

        var start = server.records.nextStart();
        var end = server.records.nextEnd();
        assertThat(start.governed()).isTrue();
        assertThat(start.model()).isEqualTo("agent");
        assertThat(end.status()).isEqualTo("ok");
        assertThat(end.rounds()).isEqualTo(4);
        assertThat(end.calls()).isEqualTo(6);
        assertThat(end.promptTokens()).isEqualTo(100);
        assertThat(end.completionTokens()).isEqualTo(10);
    }

    @Test
    void everyAttemptHasItsOwnKey() throws Exception {
        server.chat(Bodies.ask("agent", false));

        var keys = server.gate.received().stream().map(it -> it.context().key()).toList();
        assertThat(keys).hasSize(6).doesNotHaveDuplicates();
        assertThat(server.gate.received())
                .allMatch(it -> it.context().face().equals("chat"))
                .allMatch(it -> it.context().requestId().equals("req-1"));
    }

    @Test
    void openAisOwnClientReadsBothModesAlike() {
        var client = client();
        var whole = client.chat().completions().create(params());
        var streamed = accumulated(client);

        for (var completion : List.of(whole, streamed)) {
            assertThat(completion.choices()).hasSize(1);
            var choice = completion.choices().getFirst();
            assertThat(choice.message().content()).contains(CONTENT);
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
            assertThat(choice.message().toolCalls().orElse(List.of())).isEmpty();
            assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(110);
            assertThat(completion.model()).isEqualTo("agent");
        }
        client.close();
    }

    private static ChatCompletion accumulated(OpenAIClient client) {
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = client.chat().completions().createStreaming(params())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    private OpenAIClient client() {
        return OpenAIOkHttpClient.builder().baseUrl(server.url().toString()).apiKey("any").build();
    }

    private static ChatCompletionCreateParams params() {
        return ChatCompletionCreateParams.builder()
                .model("agent")
                .addUserMessage("How is the weather?")
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
    }
}
