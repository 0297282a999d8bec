package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.sallyport.samples.hosting.RunningServer;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.samples.notes.NotesServer;
import io.sallyport.samples.weather.WeatherServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(GatewayExtension.class)
class RealClientsTest {
    private static final String DONE =
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}";

    private final RunningGateway gateway;
    private final TenantDesk tenant;
    private final NotesServer notes;
    private final RunningServer weather;
    private final ScriptedModel model;
    private final ScriptedUpstream many =
            ScriptedUpstream.listing(
                    IntStream.range(0, 600).mapToObj("tool-%d"::formatted).toArray(String[]::new));

    RealClientsTest(RunningGateway gateway) throws IOException {
        this.gateway = gateway;
        tenant = gateway.newTenant("clients");
        notes = NotesServer.start(0);
        weather = WeatherServer.start(0);
        model = ScriptedModel.start(0, Script.of(round(1), round(2), round(3), answer()));
    }

    private static Round round(int cost) {
        return Round.calls("notes__list_notes", "{}")
                .and("weather__get_forecast", "{\"city\":\"Oslo\",\"days\":" + cost + "}")
                .costing(100 * cost, cost);
    }

    private static Round answer() {
        return Round.says("Three notes, and rain.").costing(1000, 10);
    }

    @BeforeEach
    void serve() {
        tenant.serve("notes", notes.endpoint());
        tenant.serve("weather", weather.endpoint());
        tenant.allow("notes/list_notes", "notes/read_note", "weather/*");
        tenant.toolset("all", "*");
        tenant.model("agent", model.endpoint(), "scripted", ",\"toolset\":\"all\"");
    }

    @AfterEach
    void stop() throws IOException {
        notes.close();
        weather.close();
        model.close();
        many.close();
    }

    @Test
    void openAiJavaRunsThreeRoundsOfTwoParallelCalls() {
        OpenAIClient client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(gateway.url() + "/v1")
                        .apiKey(tenant.agent())
                        .maxRetries(0)
                        .build();
        var whole = client.chat().completions().create(params());
        var streamed = accumulated(client);

        for (var completion : List.of(whole, streamed)) {
            var choice = completion.choices().getFirst();
            assertThat(choice.message().content()).contains("Three notes, and rain.");
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
            assertThat(choice.message().toolCalls().orElse(List.of())).isEmpty();
            assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(1600);
            assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(16);
        }
        assertThat(weather.calls("get_forecast")).isPositive();
        client.close();
    }

    private static ChatCompletion accumulated(OpenAIClient client) {
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = client.chat().completions().createStreaming(params())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    private static ChatCompletionCreateParams params() {
        return ChatCompletionCreateParams.builder()
                .model("agent")
                .addUserMessage("What is there?")
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
    }

    @Test
    void theMcpSdkListsAndCallsEverythingByAlias() {
        try (var client = mcp("/mcp")) {
            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .containsExactly(
                            "notes__list_notes",
                            "notes__read_note",
                            "weather__get_alerts",
                            "weather__get_forecast");
            assertThat(text(client, "notes__list_notes")).contains("Groceries");
        }
    }

    @Test
    void theMcpSdkUsesOneServerByItsOwnNames() {
        try (var client = mcp("/mcp/servers/notes")) {
            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .containsExactly("list_notes", "read_note");
            assertThat(text(client, "list_notes")).contains("Groceries");
        }
    }

    @Test
    void theMcpSdkReadsSixHundredToolsInPages() {
        serveMany();
        try (var client = mcp("/mcp/servers/many")) {
            var first = client.listTools(McpSchema.FIRST_PAGE);

            assertThat(first.tools()).hasSize(250);
            assertThat(client.listTools(first.nextCursor()).tools())
                    .hasSize(250)
                    .doesNotContainAnyElementsOf(first.tools());
            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .hasSize(600)
                    .doesNotHaveDuplicates();
        }
    }

    /** The SDK hands each notice to a thread of a pool, so that it may tell them in any order. */
    @Test
    void theMcpSdkHearsOfProgress() {
        serveMany();
        many.onCall(many.streams(progress(1), progress(2), DONE));
        var heard = new CopyOnWriteArrayList<Double>();
        try (var client = mcp("/mcp/servers/many", it -> heard.add(it.progress()))) {
            var call = CallToolRequest.builder("tool-1").progressToken("mine").build();

            assertThat(client.callTool(call).isError()).isNotEqualTo(true);
            await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder(1.0, 2.0));
        }
    }

    /** The SDK cannot cancel one call; to close the client is to end its session. */
    @Test
    void theMcpSdkThatClosesEndsItsCalls() {
        serveMany();
        many.onCall(many.holds());
        var client = mcp("/mcp/servers/many");
        var call = CompletableFuture.supplyAsync(() -> text(client, "tool-1"));
        await().until(() -> many.calls().size() == 1);

        client.close();

        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=call.outcome"))
                        .extracting(it -> it.path("status").asString())
                        .containsExactly("indeterminate"));
        call.cancel(true);
    }

    private void serveMany() {
        tenant.serve("many", many.endpoint());
        tenant.allow("many/*");
    }

    private static String progress(int number) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":TOKEN,\"progress\":%d}}"
                .formatted(number);
    }

    private static String text(McpSyncClient client, String tool) {
        var result = client.callTool(CallToolRequest.builder(tool).arguments(Map.of()).build());
        return result.content().getFirst() instanceof TextContent text ? text.text() : "";
    }

    private McpSyncClient mcp(String endpoint) {
        return mcp(endpoint, _ -> {});
    }

    private McpSyncClient mcp(String endpoint, Consumer<ProgressNotification> progress) {
        var key = tenant.agent();
        var transport =
                HttpClientStreamableHttpTransport.builder(gateway.url().toString())
                        .endpoint(endpoint)
                        .requestBuilder(
                                HttpRequest.newBuilder().header("Authorization", "Bearer " + key))
                        .build();
        var client =
                McpClient.sync(transport)
                        .requestTimeout(Duration.ofSeconds(20))
                        .progressConsumer(progress)
                        .build();
        client.initialize();
        return client;
    }
}
