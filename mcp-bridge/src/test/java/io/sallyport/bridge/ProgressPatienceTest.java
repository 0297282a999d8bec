package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Patience;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** B12: only progress that rises gives a request more time, and not for ever. */
class ProgressPatienceTest extends UpstreamTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Heard heard = new Heard();

    @AfterEach
    void end() {
        over.countDown();
    }

    private UpstreamReply call(Era era, String capabilities) throws Exception {
        try (var other =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), era)) {
            return Await.one(other.call(request(envelope(capabilities, heard), TIMEOUT)));
        }
    }

    /** Tells of progress until the request's own time is over twice. */
    private void work(Turn turn, IntFunction<String> progress) throws Exception {
        work(turn, "ID", progress);
    }

    private void work(Turn turn, String token, IntFunction<String> progress) throws Exception {
        var stream = turn.stream();
        long end = System.nanoTime() + TIMEOUT.multipliedBy(2).toNanos();
        for (int step = 1; System.nanoTime() < end; step++) {
            tell(turn, stream, token.replace("ID", turn.id()), progress.apply(step));
            over.await(20, TimeUnit.MILLISECONDS);
        }
        turn.event(stream, turn.response("{}"));
    }

    private static void tell(Turn turn, OutputStream stream, String token, String progress)
            throws Exception {
        turn.tell(
                stream,
                "notifications/progress",
                "{\"progressToken\":" + token + ",\"progress\":" + progress + "}");
    }

    @ParameterizedTest
    @CsvSource({"LEGACY,{}", "MODERN,{}", "LEGACY,'{\"elicitation\":{}}'"})
    void waitsForAServerWhoseProgressRises(Era era, String capabilities) throws Exception {
        server.answering(turn -> work(turn, step -> "0." + (1_000 + step)));
        assertThat(call(era, capabilities)).isInstanceOf(UpstreamReply.Result.class);
    }

    @ParameterizedTest
    @CsvSource({"LEGACY,\"ID\"", "MODERN,\"ID\"", "LEGACY,ID.0", "MODERN,ID.0"})
    void waitsForOneThatWritesTheTokenAsItLikes(Era era, String token) throws Exception {
        server.answering(turn -> work(turn, token, step -> "0." + (1_000 + step)));
        assertThat(call(era, "{}")).isInstanceOf(UpstreamReply.Result.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "MODERN"})
    void doesNotWaitForOneWhoseProgressStands(Era era) throws Exception {
        server.answering(turn -> work(turn, _ -> "7"));
        assertThat(call(era, "{}")).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-%d", "\"%d\"", "null", "[%d]", "1e-%d"})
    void doesNotWaitForOneWhoseProgressDoesNotRise(String progress) throws Exception {
        server.answering(turn -> work(turn, step -> progress.formatted(step)));
        assertThat(call(Era.LEGACY, "{}")).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
    }

    @Test
    void doesNotWaitForTheProgressOfAnotherCall() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            for (int step = 0; !over.await(20, TimeUnit.MILLISECONDS); step++) {
                tell(turn, stream, "4711", String.valueOf(step));
            }
        });
        assertThat(call(Era.LEGACY, "{}")).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
    }

    @Test
    void givesNoMoreTimeThanTheLongest() {
        var patience = new Patience(Deadline.in(Duration.ofMinutes(2)), Duration.ofMinutes(3));
        for (int progress = 0; progress < 10; progress++) {
            patience.hears(JsonNodeFactory.instance.numberNode(progress));
        }
        assertThat(patience.deadline().remaining())
                .isBetween(Duration.ofSeconds(60), Duration.ofMinutes(2));
        var longer = new Patience(Deadline.in(Duration.ofMinutes(9)), Duration.ofMinutes(3));
        assertThat(longer.hears(JsonNodeFactory.instance.numberNode(1))).isFalse();
        assertThat(longer.deadline().remaining()).isGreaterThan(Duration.ofMinutes(3));
    }
}
