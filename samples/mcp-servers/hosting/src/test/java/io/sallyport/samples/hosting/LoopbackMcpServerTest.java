package io.sallyport.samples.hosting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.samples.hosting.SampleTool.Effect;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile or broken client learns; well-behaved ones are tested with each sample. */
class LoopbackMcpServerTest {

    private static final String NO_ARGUMENTS =
            """
            {"type":"object","properties":{},"additionalProperties":false}\
            """;

    private static final String INITIALIZE =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
            "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
            """;

    private LoopbackMcpServer server;

    @BeforeEach
    void start() throws IOException {
        var echo =
                SampleTool.of(
                        "echo", Effect.READ, "Echoes.", NO_ARGUMENTS, _ -> SampleTool.text("hi"));
        var broken =
                SampleTool.of(
                        "broken",
                        Effect.READ,
                        "Breaks.",
                        NO_ARGUMENTS,
                        _ -> {
                            throw new IllegalStateException("inside");
                        });
        server = LoopbackMcpServer.start(new McpSample("t", "Test.", List.of(echo, broken)), 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysThatAPortIsTaken() {
        var sample = new McpSample("t", "Test.", List.of());

        assertThatThrownBy(() -> LoopbackMcpServer.start(sample, server.port()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void freesItsPortWhenClosed() throws IOException {
        server.close();
        server.close();

        LoopbackMcpServer.start(new McpSample("t", "Test.", List.of()), server.port()).close();
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        for (var address : outsideAddresses()) {
            assertThatThrownBy(() -> new Socket(address, server.port()).close())
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"jsonrpc\":\"2.0\",\"id\":1}", "\u0000"})
    void answersNonsenseWithoutAStackTrace(String body) throws Exception {
        assertPlain(post(body, "x", "y"), 400);
    }

    @Test
    void answersWhatBreaksTheSdkWithoutAStackTrace() throws Exception {
        assertPlain(post("null", "x", "y"), 500);
    }

    @Test
    void answersAnUnknownSessionWithoutAStackTrace() throws Exception {
        var list = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";

        assertPlain(post(list, "Mcp-Session-Id", "no-such-session"), 404);
        assertPlain(post(list, "x", "y"), 400);
    }

    @Test
    void refusesAWebPage() throws Exception {
        assertPlain(post(INITIALIZE, "Origin", "http://evil.example"), 403);
        assertPlain(post(INITIALIZE, "Origin", "null"), 403);
    }

    @Test
    void refusesAForeignHost() throws Exception {
        assertThat(raw("POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 421")
                .doesNotContain("java.");
    }

    @Test
    void tellsNothingAboutItsContainer() throws Exception {
        assertThat(raw("NONSENSE\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContainIgnoringCase("tomcat")
                .doesNotContain("java.");
        assertThat(raw("GET /else HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .doesNotContainIgnoringCase("tomcat");
    }

    @Test
    void refusesALargeBody() throws Exception {
        assertPlain(post("x".repeat(1024 * 1024 + 1), "x", "y"), 413);
    }

    @Test
    void answersABrokenToolWithoutAStackTrace() throws Exception {
        var session = post(INITIALIZE, "x", "y").headers().firstValue("mcp-session-id");
        var call =
                """
                {"jsonrpc":"2.0","id":2,"method":"tools/call",\
                "params":{"name":"broken","arguments":{}}}\
                """;

        var answer = post(call, "Mcp-Session-Id", session.orElseThrow());

        assertThat(answer.body()).contains("\"id\":2").doesNotContain("\\tat ", "stackTrace");
    }

    @Test
    void keepsWhatArrived() throws Exception {
        var call = "{\"method\":\"tools/call\",\"params\":{\"name\":\"no_such_tool\"}}";
        post(call, "Authorization", "Bearer upstream");

        assertThat(server.calls()).isEqualTo(Map.of("no_such_tool", 1));
        var received = server.received().getLast();
        assertThat(received.body()).isEqualTo(call);
        assertThat(received.header("AUTHORIZATION")).containsExactly("Bearer upstream");
        assertThat(received.header("cookie")).isEmpty();
    }

    @Test
    void forgetsTheOldestRequests() throws Exception {
        for (int i = 0; i <= RequestLog.KEPT; i++) {
            post("{\"method\":\"m" + i + "\"}", "x", "y");
        }

        assertThat(server.received()).hasSize(RequestLog.KEPT);
        assertThat(server.received().getFirst().rpcMethod()).isEqualTo("m1");
    }

    private static void assertPlain(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(answer.body())
                .matches(
                        Pattern.compile(
                                "\\{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":"
                                        + "\\{\"code\":-3260[03],\"message\":\"[A-Za-z ]+\\.\"}}"));
    }

    /** A client of its own for each request: the server may hang up after a refusal. */
    private static HttpClient fresh() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private HttpResponse<String> post(String body, String header, String value) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(server.endpoint().toString()))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .header(header, value)
                        .POST(BodyPublishers.ofString(body))
                        .build();
        try (var client = fresh()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static List<InetAddress> outsideAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }
}
