package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B4: a JSON-RPC error is the server's answer though its status says that the request failed.
 * {@code ID} stands for our id.
 */
class RefusedCallTest extends UpstreamTest {
    private static final String OURS =
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":CODE,\"message\":\"no such id\"}}";

    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
    }

    private void refusing(int status, String error) {
        server.answering(turn -> refuse(turn, status, error));
    }

    private static void refuse(Turn turn, int status, String error) throws Exception {
        turn.body(status, "application/json", error.replace("ID", turn.id()).getBytes(UTF_8));
    }

    private static String ours(int code) {
        return OURS.replace("CODE", String.valueOf(code));
    }

    private static UpstreamReply error(int code) {
        return new UpstreamReply.RpcError(code, "no such id");
    }

    /**
     * One call alone, and one that may be asked something and told of progress meanwhile; each kind
     * has a session of its own.
     */
    private List<UpstreamReply> calls() throws InterruptedException {
        return List.of(call(), Await.one(upstream.call(askable())));
    }

    private static UpstreamRequest askable() {
        return request(envelope("{\"elicitation\":{}}", new Heard()));
    }

    private List<String> sessions() {
        return server.received("tools/call").stream()
                .map(it -> it.header("Mcp-session-id"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "400,-32602",
        "400,-32603",
        "400,-32601",
        "400,7",
        "409,-32000",
        "422,-32602",
        "429,-32000",
        "500,-32603",
        "500,-32600",
        "502,1",
        "503,-32001"
    })
    void isTheAnswerInASessionThatGoesOn(int status, int code) throws Exception {
        refusing(status, ours(code));
        assertThat(calls()).containsOnly(error(code));
        assertThat(calls()).containsOnly(error(code));
        assertThat(sessions()).containsExactly("s-1", "s-2", "s-1", "s-2");
    }

    @ParameterizedTest
    @CsvSource({"400,-32602", "404,7", "409,-32000", "422,-32602", "500,-32603", "503,-32000"})
    void isTheAnswerWithoutSessions(int status, int code) throws Exception {
        server.greeting(server::greetWithoutSession);
        refusing(status, ours(code));
        assertThat(calls()).containsOnly(error(code));
        upstream = modern();
        assertThat(calls()).containsOnly(error(code));
        assertThat(server.received("tools/call")).hasSize(4);
    }

    private McpUpstream modern() {
        return McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), Era.MODERN);
    }

    /**
     * It may tell of a session that is lost: what it says is told, and the next call has another.
     */
    @ParameterizedTest
    @ValueSource(ints = {-32600, -32000, -32001, -32099})
    void isTheAnswerAndEndsASessionThatItMayMean(int code) throws Exception {
        refusing(400, ours(code));
        assertThat(calls()).containsOnly(error(code));
        server.answering(turn -> turn.result("{}"));
        assertThat(calls()).hasOnlyElementsOfType(UpstreamReply.Result.class);
        assertThat(sessions()).containsExactly("s-1", "s-2", "s-3", "s-4");
    }

    /** The servers of the SDKs name no id of ours when they do not know the session. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"Bad Request\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"server-error\",\"error\":{\"code\":-32600,\"message\":\"x\"}}",
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32602,\"message\":\"x\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":77ID,\"error\":{\"code\":-32602,\"message\":\"x\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":\"x\"}",
                "{\"message\":\"No valid session ID\"}",
                "[]",
                ""
            })
    void endsASessionThatMayBeUnknownWithoutResending(String said) throws Exception {
        refusing(400, said);
        assertThat(calls()).containsOnly(failed(UpstreamFailure.HTTP_ERROR, true));
        server.answering(turn -> turn.result("{}"));
        assertThat(calls()).hasOnlyElementsOfType(UpstreamReply.Result.class);
        assertThat(sessions()).containsExactly("s-1", "s-2", "s-3", "s-4");
    }

    /** Of any other status what is no answer of ours says nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "422|{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32602,\"message\":\"x\"}}|HTTP_ERROR",
                "500|{\"jsonrpc\":\"2.0\",\"id\":\"0ID\",\"error\":{\"code\":1,\"message\":\"x\"}}|SERVER_ERROR",
                "503|{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}|SERVER_ERROR",
                "500|{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":|SERVER_ERROR",
                "429|{\"error\":\"slow down\"}|HTTP_ERROR",
                "401|{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":1,\"message\":\"x\"}}|UNAUTHORISED",
                "403|{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":1,\"message\":\"x\"}}|UNAUTHORISED",
                "302|{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":1,\"message\":\"x\"}}|REDIRECT",
                "202|{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":1,\"message\":\"x\"}}|HTTP_ERROR"
            })
    void isNoneWhereTheStatusSaysAllOrTheIdIsAnothers(
            int status, String said, UpstreamFailure failure) throws Exception {
        refusing(status, said);
        assertThat(calls()).containsOnly(failed(failure, true));
        assertThat(calls()).containsOnly(failed(failure, true));
        assertThat(sessions()).containsExactly("s-1", "s-2", "s-1", "s-2");
        upstream = modern();
        assertThat(calls()).containsOnly(failed(failure, true));
        assertThat(server.received("tools/call")).hasSize(6);
    }

    @Test
    void isNoneWhereTheServerDoesNotKnowTheSession() throws Exception {
        refusing(404, ours(-32001));
        assertThat(calls()).containsOnly(failed(UpstreamFailure.DECLINED, true));
        assertThat(sessions()).containsExactly("s-1", "s-2");
    }

    /** What is too long, breaks off or is no JSON leaves the status. */
    @ParameterizedTest
    @ValueSource(strings = {"long", "cut", "page", "stream"})
    void isNoneThatDoesNotComeWhole(String fault) throws Exception {
        server.answering(turn -> spoil(turn, fault));
        for (var each : List.of(upstream, modern())) {
            assertThat(Await.one(each.call(request("{}", Duration.ofSeconds(10), 1_000))))
                    .isEqualTo(failed(UpstreamFailure.SERVER_ERROR, true));
        }
        assertThat(server.received("tools/call")).hasSize(2);
    }

    private static void spoil(Turn turn, String fault) throws Exception {
        var error = ours(-32603).replace("ID", turn.id());
        switch (fault) {
            case "long" -> refuse(turn, 500, error.replace("no such", "x".repeat(5_000)));
            case "page" -> turn.body(500, "text/html", error.getBytes(UTF_8));
            case "stream" -> {
                var event = "data: " + error + "\n\n";
                turn.body(500, "text/event-stream", event.getBytes(UTF_8));
            }
            default -> {
                turn.header("Content-Type", "application/json");
                turn.exchange().sendResponseHeaders(500, 10_000);
                turn.exchange().getResponseBody().write(error.getBytes(UTF_8));
                turn.exchange().getResponseBody().flush();
                turn.cut();
            }
        }
    }

    /** The status is known, so the call does not wait its whole time. */
    @Test
    void isNoneThatDoesNotComeSoon() throws Exception {
        server.answering(turn -> {
            turn.header("Content-Type", "application/json");
            turn.exchange().sendResponseHeaders(500, 10_000);
            turn.exchange().getResponseBody().flush();
            over.await(20, TimeUnit.SECONDS);
        });
        var begun = System.nanoTime();
        assertThat(Await.one(upstream.call(request("{}", Duration.ofMinutes(1), 1_000))))
                .isEqualTo(failed(UpstreamFailure.SERVER_ERROR, true));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }

    /** A list in place of which an error comes is no list, and is asked for once. */
    @Test
    void isNoList() throws Exception {
        refusing(500, ours(-32603));
        var listing = upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED).toFuture();
        assertThat(listing).failsWithin(Duration.ofSeconds(10));
        assertThat(server.received("tools/list")).hasSize(1);
    }
}
