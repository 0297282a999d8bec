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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** B2: what comes before the answer and is none is skipped: only the answer to our id decides. */
class ForeignEventsTest extends UpstreamTest {
    private static final List<String> FOREIGN =
            List.of(
                    "event: ping\ndata: {}\n\n",
                    "event: endpoint\ndata: /messages?session=1\n\n",
                    "event: heartbeat\ndata: {\"type\":\"heartbeat\",\"at\":1}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"
                            + "\"message\":\"Parse error\"}}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":{\"other\":true}}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"id\":\"abc\",\"result\":{}}\n\n",
                    "data:\n\ndata\n\ndata:\ndata:\n\n",
                    "data: \t\n\n",
                    "data: [DONE]\n\n",
                    "data: [{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]\n\n",
                    "data: {\"a\":1,\"a\":2}\n\n",
                    "data: {\"jsonrpc\":\"1.0\",\"id\":1,\"result\":{}}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"method\":7}\n\n",
                    "data: true\n\n");

    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
    }

    private UpstreamReply call(Era era, Duration timeout) throws Exception {
        try (var other =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), era)) {
            return Await.one(other.call(request("{}", timeout, 4_000_000)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void skipsWhatIsForNobody(Era era) throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            for (var foreign : FOREIGN) {
                stream.write(foreign.getBytes(UTF_8));
            }
            turn.event(stream, turn.response("{\"own\":true}"));
        });
        assertThat(call(era, Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        UpstreamReply.Result.class,
                        it -> assertThat(it.result()).hasToString("{\"own\":true}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void holdsAStreamOfNothingElseForUnanswered(Era era) throws Exception {
        for (var foreign : FOREIGN) {
            server.answering(turn -> turn.stream().write(foreign.getBytes(UTF_8)));
            assertThat(call(era, Duration.ofSeconds(10)))
                    .as(foreign)
                    .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        }
    }

    /** Whatever is skipped, the time does not begin again. */
    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void endsHeartbeatsThatNeverEndAtTheTimeout(Era era) throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                turn.event(stream, "{\"type\":\"heartbeat\"}");
            }
        });
        assertThat(call(era, Duration.ofMillis(500)))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
    }

    /** So many, or so long: then the server has not answered. */
    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void skipsOnlySoMuch(Era era) throws Exception {
        server.answering(turn -> flood(turn, "{\"ping\":1}", 2_000));
        assertThat(call(era, Duration.ofSeconds(20))).isInstanceOf(UpstreamReply.Result.class);
        server.answering(turn -> flood(turn, "{\"ping\":1}", 2_001));
        assertThat(call(era, Duration.ofSeconds(20)))
                .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        server.answering(turn -> flood(turn, "\"" + "x".repeat(200_000) + "\"", 6));
        assertThat(call(era, Duration.ofSeconds(20)))
                .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    private void flood(Turn turn, String foreign, int times) throws Exception {
        var stream = turn.stream();
        var events = ("data: " + foreign + "\n\n").repeat(times);
        stream.write(events.getBytes(UTF_8));
        turn.event(stream, turn.response("{}"));
    }
}
