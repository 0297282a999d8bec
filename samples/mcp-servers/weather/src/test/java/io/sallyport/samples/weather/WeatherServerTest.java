package io.sallyport.samples.weather;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.sallyport.samples.hosting.RunningServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The SDK's own client talks to the server over HTTP. */
class WeatherServerTest {

    private RunningServer server;
    private McpSyncClient client;

    @BeforeEach
    void start() throws IOException {
        server = WeatherServer.start(0);
        var base = server.endpoint().resolve("/").toString();
        client = McpClient.sync(HttpClientStreamableHttpTransport.builder(base).build()).build();
        client.initialize();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void listsOnlyToolsThatRead() {
        assertThat(client.listTools().tools())
                .allSatisfy(tool -> assertThat(tool.annotations().readOnlyHint()).isTrue())
                .extracting(Tool::name)
                .containsExactlyInAnyOrder("get_forecast", "get_alerts");
    }

    @Test
    void answersTheSameQuestionTheSameWay() {
        var first = text(call("get_forecast", Map.of("city", "Oslo")));

        assertThat(first).startsWith("Oslo\nday 1: ").hasLineCount(4);
        assertThat(text(call("get_forecast", Map.of("city", "Oslo")))).isEqualTo(first);
        assertThat(server.calls("get_forecast")).isEqualTo(2);
    }

    @Test
    void forecastsAsManyDaysAsAskedInTextAndStructure() {
        var result = call("get_forecast", Map.of("city", "Rome", "days", 5));

        assertThat(text(result)).hasLineCount(6);
        assertThat(result.structuredContent().toString()).contains("Rome", "celsius");
    }

    @Test
    void tellsAlerts() {
        assertThat(text(call("get_alerts", Map.of("city", "Oslo")))).isNotBlank();
    }

    @Test
    void refusesMoreDaysThanAWeek() {
        assertThat(call("get_forecast", Map.of("city", "Rome", "days", 8)).isError()).isTrue();
    }

    private CallToolResult call(String tool, Map<String, Object> arguments) {
        return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
