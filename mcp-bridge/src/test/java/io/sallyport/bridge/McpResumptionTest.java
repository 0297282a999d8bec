package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressRefusal;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.EgressRequest;
import io.sallyport.egress.EgressVerdict;
import io.sallyport.threads.Await;
import io.sallyport.upstream.session.SessionUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** A stream that is lost before the answer, and taken up where it was left. */
class McpResumptionTest extends UpstreamTest {
    private volatile String call = "";
    private volatile long lost;
    private volatile long back;

    @Test
    void takesUpAStreamAfterItsLastEvent() throws Exception {
        server.answering(this::answerWhenAskedAgain);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        var again = server.received("GET").getFirst();
        assertThat(again.header("Last-event-id")).isEqualTo("e-1");
        assertThat(again.header("Mcp-session-id")).isEqualTo("s-1");
        assertThat(again.header("Accept")).isEqualTo("text/event-stream");
        assertThat(again.header("Authorization")).isEqualTo("Bearer canary");
        assertThat(again.headers()).doesNotContainKey("Content-type");
        assertThat(Duration.ofNanos(back - lost)).isGreaterThan(Duration.ofMillis(350));
        assertThat(server.received("tools/call")).hasSize(1);
    }

    private void answerWhenAskedAgain(Turn turn) throws IOException {
        if (turn.request().method().equals("GET")) {
            back = System.nanoTime();
            event(turn, "id: e-2\ndata: " + answer() + "\n\n");
        } else {
            call = turn.id();
            event(turn, "id: e-1\nretry: 400\ndata:\n\n");
            lost = System.nanoTime();
        }
    }

    @Test
    void takesUpAStreamAsOftenAsItIsLost() throws Exception {
        server.answering(this::breakOffFourTimes);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("GET"))
                .extracting(it -> it.header("Last-event-id"))
                .containsExactly("e-0", "e-1", "e-2", "e-3");
    }

    private void breakOffFourTimes(Turn turn) throws IOException {
        if (!turn.request().method().equals("GET")) {
            call = turn.id();
        }
        int lost = server.received("GET").size();
        var stream = lost % 2 == 0 ? turn.stream() : turn.truncated();
        write(stream, "retry: 0\nid: e-" + lost + "\ndata:\n\n");
        if (lost == 4) {
            turn.event(stream, answer());
        }
    }

    @Test
    void hearsOnWithTheSameListener() throws Exception {
        var heard = new Heard();
        server.answering(this::logWhenAskedAgain);
        Await.one(upstream.call(request(envelope("{}", heard))));
        assertThat(heard.all()).containsExactly("notifications/message {}");
    }

    private void logWhenAskedAgain(Turn turn) throws IOException {
        if (turn.request().method().equals("GET")) {
            var stream = turn.stream();
            turn.tell(stream, "notifications/message", "{}");
            turn.event(stream, answer());
        } else {
            call = turn.id();
            event(turn, "retry: 0\nid: e-1\ndata:\n\n");
        }
    }

    @Test
    void failsAStreamWhoseEventsHaveNoId() throws Exception {
        server.answering(turn -> event(turn, "retry: 0\ndata:\n\n"));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received("GET")).isEmpty();
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 500})
    void failsWhenTheServerDoesNotResume(int status) throws Exception {
        server.answering(turn -> {
            if (turn.request().method().equals("GET")) {
                turn.status(status);
            } else {
                event(turn, "retry: 0\nid: e-1\ndata:\n\n");
            }
        });
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received("tools/call")).hasSize(1);
        assertThat(server.received("initialize")).hasSize(1);
    }

    @Test
    void goesOnNoLongerThanTheCallMayTake() throws Exception {
        call();
        server.answering(turn -> event(turn, "retry: 0\nid: e-1\ndata:\n\n"));
        var reply = Await.one(upstream.call(request("{}", Duration.ofMillis(800), 10_000)));
        assertThat(reply).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        assertThat(server.await("notifications/cancelled", 1)).hasSize(1);
        assertThat(server.received("GET").size()).isBetween(1, 8);
    }

    @Test
    void doesNotWaitForARetryThatComesTooLate() throws Exception {
        server.answering(turn -> event(turn, "retry: 999999999\nid: e-1\ndata:\n\n"));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        assertThat(server.received("GET")).isEmpty();
    }

    /** Each says of the asking again that it was not sent; the call was. */
    static Stream<Arguments> unsent() {
        return Stream.of(
                Arguments.of(new EgressFailure.TimedOut(false), UpstreamFailure.TIMED_OUT),
                Arguments.of(new EgressFailure.LimitReached(), UpstreamFailure.UNREACHABLE),
                Arguments.of(
                        new EgressFailure.Denied(EgressRefusal.ADDRESS),
                        UpstreamFailure.UNREACHABLE),
                Arguments.of(new EgressFailure.ConnectFailed("x"), UpstreamFailure.TIMED_OUT));
    }

    /** Lets no stream be taken up again. */
    private record Closing(EgressClient egress, EgressFailure thrown) implements EgressClient {
        @Override
        public Mono<EgressReply> send(EgressRequest request) {
            return request.method().equals("GET") ? Mono.error(thrown) : egress.send(request);
        }

        @Override
        public Mono<EgressVerdict> judge(Destination destination) {
            return egress.judge(destination);
        }

        @Override
        public void forget(String pool) {
            egress.forget(pool);
        }

        @Override
        public void close() {
            egress.close();
        }
    }

    @ParameterizedTest
    @MethodSource("unsent")
    void aCallMayHaveRunWhateverBecomesOfItsStream(EgressFailure thrown, UpstreamFailure told)
            throws Exception {
        server.answering(turn -> event(turn, "retry: 0\nid: e-1\ndata:\n\n"));
        var closing = new Closing(egress, thrown);
        try (var other = new SessionUpstream(closing, server.destination(), List.of(CREDENTIAL))) {
            for (var envelope : List.of(Envelope.plain("ada"), envelope("{}", new Heard()))) {
                assertThat(Await.one(other.call(request(envelope, Duration.ofSeconds(1)))))
                        .isEqualTo(failed(told, true));
            }
        }
        assertThat(server.received("tools/call")).hasSize(2);
    }

    @Test
    void readsNoMoreOfAllStreamsThanItMayOfOne() throws Exception {
        server.answering(
                turn -> event(turn, ":" + " ".repeat(400) + "\nretry: 0\nid: e-1\ndata:\n\n"));
        var reply = Await.one(upstream.call(request("{}", Duration.ofSeconds(10), 1_000)));
        assertThat(reply).isEqualTo(failed(UpstreamFailure.RESPONSE_TOO_LARGE, true));
        assertThat(server.received("GET")).hasSize(2);
    }

    private String answer() {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + call + ",\"result\":{}}";
    }

    private static void event(Turn turn, String text) throws IOException {
        write(turn.stream(), text);
    }

    private static void write(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(UTF_8));
        stream.flush();
    }
}
