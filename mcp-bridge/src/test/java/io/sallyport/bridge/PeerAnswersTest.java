package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B7: what names our id decides our request at once, and does not wait for the end of the stream on
 * which it came. {@code ID} stands for our id.
 */
class PeerAnswersTest extends UpstreamTest {
    private static final List<Era> ERAS = List.of(Era.LEGACY, Era.MODERN);

    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
    }

    /** On a stream that stays open. */
    private UpstreamReply call(Era era, String... messages) throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            for (var message : messages) {
                turn.event(stream, message.replace("ID", turn.id()));
            }
            over.await(20, TimeUnit.SECONDS);
        });
        return ask(era);
    }

    private UpstreamReply body(Era era, String message) throws Exception {
        server.answering(turn -> whole(turn, message));
        return ask(era);
    }

    private static void whole(Turn turn, String message) throws Exception {
        turn.body("application/json", message.replace("ID", turn.id()).getBytes(UTF_8));
    }

    private UpstreamReply ask(Era era) throws Exception {
        try (var other =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), era)) {
            return Await.one(other.call(request("{}")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":ID,\"result\":{\"a\":1}}",
                "{\"error\":null,\"id\":\"ID\",\"result\":{\"a\":1}}",
                "{\"id\":ID.0,\"method\":\"\",\"params\":null,\"result\":{\"a\":1},\"error\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"\",\"result\":{\"a\":1}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"ID\",\"method\":\"\",\"params\":{},\"result\":{\"a\":1},"
                        + "\"error\":null}",
                "{\"result\":{\"a\":1},\"method\":null,\"id\":ID}"
            })
    void takesAnAnswerThatSaysLessThanItShould(String answer) throws Exception {
        for (var era : ERAS) {
            assertThat(text(call(era, answer))).isEqualTo("{\"a\":1}");
            assertThat(text(body(era, answer))).isEqualTo("{\"a\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":ID,\"error\":{\"code\":-32602,\"message\":\"no\"}}",
                "{\"id\":\"ID\",\"method\":\"\",\"result\":null,\"error\":{\"code\":-32602,\"message\":\"no\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"\",\"error\":{\"code\":-32602,\"message\":\"no\"}}"
            })
    void takesAnErrorThatSaysLessThanItShould(String error) throws Exception {
        for (var era : ERAS) {
            assertThat(call(era, error)).isEqualTo(new UpstreamReply.RpcError(-32602, "no"));
            assertThat(body(era, error)).isEqualTo(new UpstreamReply.RpcError(-32602, "no"));
        }
    }

    /** It may have run, and nobody waits for an answer that has come. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":ID,\"error\":\"boom\"}",
                "{\"id\":ID,\"result\":[1]}",
                "{\"id\":ID,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}",
                "{\"jsonrpc\":null,\"id\":ID,\"result\":{}}",
                "{\"jsonrpc\":2.0,\"id\":ID,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"\",\"result\":\"text\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/call\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":7,\"result\":{}}",
                "{\"id\":ID,\"method\":\"tools/call\",\"error\":{\"code\":1,\"message\":\"\"}}"
            })
    void failsAtOnceOnWhatNamesOurIdAndIsNoAnswer(String answer) throws Exception {
        for (var era : ERAS) {
            assertThat(call(era, answer)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
            assertThat(body(era, answer)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        }
        assertThat(server.received("tools/call")).hasSize(4);
    }

    /**
     * Logs are JSON too, and count as they like; the requests of a server have ids of their own.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":ID,\"level\":\"info\",\"result\":{\"rows\":3}}",
                "{\"id\":ID,\"error\":\"boom\",\"time\":1}",
                "{\"id\":ID}",
                "{\"id\":ID,\"method\":\"\"}",
                "{\"jsonrpc\":\"1.0\",\"id\":ID,\"result\":{}}",
                "{\"jsonrpc\":\"\",\"id\":ID,\"result\":{}}",
                "{\"id\":77ID,\"result\":{\"other\":1}}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"ping\",\"result\":null,\"error\":null}"
            })
    void waitsForTheAnswerBehindWhatIsNone(String other) throws Exception {
        var answer = "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"a\":1}}";
        for (var era : ERAS) {
            assertThat(text(call(era, other, answer))).isEqualTo("{\"a\":1}");
        }
    }
}
