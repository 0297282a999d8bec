package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Received;
import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.catalog.JsonText;
import io.sallyport.egress.Header;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One request to a server without sessions. */
class StatelessCallTest extends UpstreamTest {
    private static final String META =
            "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                    + "\"io.modelcontextprotocol/clientInfo\":"
                    + "{\"name\":\"sallyport\",\"version\":\"0.1.0\"},"
                    + "\"io.modelcontextprotocol/clientCapabilities\":";

    private final Heard heard = new Heard();

    @BeforeEach
    void connectToTheOtherEra() {
        upstream =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), Era.MODERN);
    }

    @Test
    void greetsNobodyAndSaysWhatItIsInEveryRequest() throws Exception {
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        var sent = only();
        assertThat(sent.text()).endsWith("\"params\":{\"_meta\":{" + META + "{}}}}");
        assertThat(sent.header("Mcp-protocol-version")).isEqualTo("2026-07-28");
        assertThat(sent.header("Mcp-method")).isEqualTo("tools/call");
        assertThat(sent.header("Accept")).isEqualTo("application/json, text/event-stream");
    }

    @Test
    void sendsNoHeaderBeyondThoseOfTheRevision() throws Exception {
        call();
        assertThat(only().headers().keySet().stream().map(it -> it.toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrder(
                        "host",
                        "content-length",
                        "content-type",
                        "accept",
                        "user-agent",
                        "authorization",
                        "mcp-method",
                        "mcp-protocol-version");
    }

    @Test
    void sendsParametersByteForByteBehindTheMeta() throws Exception {
        var params = "{ \"b\":1.10,\t\"a\":\"\\u00e9é🙂\", \"n\":12345678901234567890.000 }";
        Await.one(upstream.call(request(params)));
        assertThat(only().text())
                .endsWith("{\"_meta\":{" + META + "{}}," + params.substring(1) + "}");
    }

    @Test
    void saysWhatIsWantedAndOffered() throws Exception {
        var plain = envelope("{\"elicitation\":{\"form\":{}}}", heard);
        var wanted =
                new Envelope(
                        "ada",
                        Optional.of("tést"),
                        plain.capabilities(),
                        true,
                        Optional.of("info"),
                        List.of(new Header("Mcp-Param-Region", "us west")),
                        heard,
                        Optional.empty());
        Await.one(upstream.call(request(wanted)));
        assertThat(only().tree().at("/params/_meta/progressToken"))
                .isEqualTo(only().tree().path("id"));
        assertThat(only().text())
                .contains("Capabilities\":{\"elicitation\":{\"form\":{}}},\"io.model")
                .contains("\"io.modelcontextprotocol/logLevel\":\"info\"");
        assertThat(only().header("Mcp-name")).isEqualTo("=?base64?dMOpc3Q=?=");
        assertThat(only().header("Mcp-param-region")).isEqualTo("us west");
    }

    @Test
    void namesWhatARequestIsAboutOnlyWhereTheRevisionSaysSo() throws Exception {
        Await.one(upstream.call(request(Envelope.plain("ada").about("echo"))));
        var completion =
                new UpstreamRequest(
                        "completion/complete",
                        "{}".getBytes(UTF_8),
                        Envelope.plain("ada").about("echo"),
                        Duration.ofSeconds(10),
                        10_000);
        Await.one(upstream.call(completion));
        assertThat(server.received())
                .extracting(it -> it.header("Mcp-name"))
                .containsExactly("echo", "");
    }

    @Test
    void hearsWhatComesBeforeTheAnswer() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            var progress = "{\"progressToken\":" + turn.id() + ",\"progress\":1}";
            turn.tell(stream, "notifications/progress", progress);
            turn.ask(stream, "r", "roots/list", "{}");
            turn.tell(stream, "notifications/message", "{}");
            turn.event(stream, turn.response("{\"resultType\":\"complete\"}"));
        });
        assertThat(Await.one(upstream.call(request(envelope("{\"roots\":{}}", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(heard.all())
                .containsExactly(
                        "notifications/progress {\"progress\":1}",
                        "refused roots/list",
                        "notifications/message {}");
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsWithWhatTheServerAsks(boolean streamed) throws Exception {
        var questions =
                "\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"x\"}}";
        server.answering(
                turn -> answer(turn, "{" + questions + ",\"requestState\":\"s\"}", streamed));
        var asked = (UpstreamReply.InputRequired) call();
        assertThat(JsonText.text(asked.result())).isEqualTo("{" + questions + "}");
        assertThat(asked.continuation()).isEqualTo(new Continuation.State(Optional.of("s")));
        server.answering(turn -> answer(turn, "{" + questions + "}", streamed));
        assertThat(((UpstreamReply.InputRequired) call()).continuation())
                .isEqualTo(new Continuation.State(Optional.empty()));
    }

    private static void answer(Turn turn, String result, boolean streamed) throws IOException {
        if (streamed) {
            turn.event(turn.stream(), turn.response(result));
        } else {
            turn.result(result);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"requestState\":7", ",\"inputRequests\":[]"})
    void refusesAQuestionThatAsksNothing(String members) throws Exception {
        server.answering(turn -> turn.result("{\"resultType\":\"input_required\"" + members + "}"));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @Test
    void goesOnWithARequestOfItsOwn() throws Exception {
        var state = new Continuation.State(Optional.of("s"));
        assertThat(Await.one(upstream.call(request(continued(state, "{}")))))
                .isInstanceOf(UpstreamReply.Result.class);
        var parked = new Continuation.Parked("t");
        assertThat(Await.one(upstream.call(request(continued(parked, "{}")))))
                .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400,-32020", "400,-32021", "404,-32601"})
    void takesARefusalForAnErrorOfTheServer(int status, int code) throws Exception {
        server.answering(turn -> refuse(turn, status, code, "[\"2027-01-01\"]"));
        assertThat(call())
                .isInstanceOfSatisfying(
                        UpstreamReply.RpcError.class,
                        error -> {
                            assertThat(error.code()).isEqualTo(code);
                            assertThat(error.data().orElseThrow().has("supported")).isTrue();
                        });
        assertThat(server.received()).hasSize(1);
    }

    /** H8: not even if the server says that it speaks the revision which it refused. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-07-28", "2027-01-01"})
    void sendsNoCallTwiceWhoseRevisionWasRefused(String supported) throws Exception {
        server.answering(turn -> refuse(turn, 400, -32022, "[\"" + supported + "\"]"));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.DECLINED, true));
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void discoversOnceMoreWhenTheServerNamesTheRevisionItRefused() {
        server.answering(turn -> refuse(turn, 400, -32022, "[\"2026-07-28\"]"));
        assertThatThrownBy(() -> Await.one(upstream.probe())).isInstanceOf(UpstreamException.class);
        assertThat(server.received("server/discover")).hasSize(2);
        assertThat(server.received())
                .extracting(it -> it.tree().path("id").asLong())
                .doesNotHaveDuplicates();
    }

    private static void refuse(Turn turn, int status, int code, String supported)
            throws IOException {
        var more = ",\"message\":\"no\",\"data\":{\"supported\":" + supported + "}}}";
        var body = ("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":" + code + more);
        turn.body(status, "application/json", body.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "400,text/html,<p>no,HTTP_ERROR",
        "404,application/json,{},HTTP_ERROR",
        "400,application/json,'{\"error\":',HTTP_ERROR",
        "401,application/json,{},UNAUTHORISED",
        "500,application/json,{},SERVER_ERROR"
    })
    void takesAnyOtherStatusForAnError(
            int status, String type, String body, UpstreamFailure failure) throws Exception {
        server.answering(turn -> turn.body(status, type, body.getBytes(UTF_8)));
        assertThat(call()).isEqualTo(failed(failure, true));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void followsNoRedirect() throws Exception {
        server.answering(turn -> turn.status(307));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.REDIRECT, true));
    }

    @Test
    void doesNotResumeAStream() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            stream.write("id: 1\nretry: 0\ndata:\n\n".getBytes(UTF_8));
        });
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void cancelsByClosingTheConnection() throws Exception {
        var closed = new CountDownLatch(1);
        server.answering(turn -> writeUntilClosed(turn, closed));
        var running = upstream.call(request("{}")).toFuture();
        server.await("tools/call", 1);
        running.cancel(true);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.received()).hasSize(1);
    }

    @Test
    @DisplayName("SR-02 comments do not extend the time, and the connection is closed")
    void endsCommentsThatNeverEndAtTheTimeout() throws Exception {
        var closed = new CountDownLatch(1);
        server.answering(turn -> writeUntilClosed(turn, closed));
        var brief = request("{}", Duration.ofMillis(500), 10_000_000);
        assertThat(Await.one(upstream.call(brief)))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void writeUntilClosed(Turn turn, CountDownLatch closed) throws Exception {
        try (var stream = turn.stream()) {
            while (!closed.await(10, TimeUnit.MILLISECONDS)) {
                stream.write(": still here\n\n".getBytes(UTF_8));
                stream.flush();
            }
        } catch (IOException _) {
            closed.countDown();
        }
    }

    private Received only() {
        assertThat(server.received()).hasSize(1);
        return server.received().getFirst();
    }
}
