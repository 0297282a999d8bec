package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is heard of a request while the server works on it. */
class McpListenerTest extends UpstreamTest {
    private final Heard heard = new Heard();

    @Test
    void asksForProgressInFrontOfTheParameters() throws Exception {
        var request =
                new UpstreamRequest(
                        "tools/call",
                        "{\"name\":\"a\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        envelope("{}", heard),
                        java.time.Duration.ofSeconds(10),
                        100_000);
        Await.one(upstream.call(request));
        var sent = server.received("tools/call").getFirst();
        var id = sent.tree().path("id").asString();
        assertThat(sent.text())
                .endsWith("\"params\":{\"_meta\":{\"progressToken\":" + id + "},\"name\":\"a\"}}");
    }

    @Test
    void hearsItsOwnProgressWithoutTheToken() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            progress(turn, stream, turn.id());
            progress(turn, stream, "\"" + turn.id() + ".0\"");
            progress(turn, stream, "4711");
            turn.tell(stream, "notifications/progress", "{\"progress\":1}");
            turn.event(stream, turn.response("{}"));
        });
        listen();
        assertThat(heard.all()).containsExactly("notifications/progress {\"progress\":0.50}");
    }

    @Test
    void hearsNoProgressThatItDidNotAskFor() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            progress(turn, stream, turn.id());
            turn.event(stream, turn.response("{}"));
        });
        Await.one(upstream.call(request(logging("debug", heard))));
        assertThat(heard.all()).isEmpty();
    }

    private static void progress(Turn turn, java.io.OutputStream stream, String token)
            throws IOException {
        var params = "{\"progressToken\":" + token + ",\"progress\":0.50}";
        turn.tell(stream, "notifications/progress", params);
    }

    @Test
    void hearsLogMessagesInTheirOrder() throws Exception {
        server.answering(McpListenerTest::log);
        listen();
        assertThat(heard.all())
                .containsExactly(
                        "notifications/message {\"level\":\"info\"}",
                        "notifications/message {\"level\":\"error\"}",
                        "notifications/message {\"level\":\"odd\"}");
    }

    @Test
    void hearsLogMessagesOnlyFromTheLevelThatWasAskedFor() throws Exception {
        server.answering(McpListenerTest::log);
        Await.one(upstream.call(request(logging("warning", heard))));
        assertThat(heard.all())
                .containsExactly(
                        "notifications/message {\"level\":\"error\"}",
                        "notifications/message {\"level\":\"odd\"}");
    }

    private static void log(Turn turn) throws IOException {
        var stream = turn.stream();
        for (var level : List.of("info", "error", "odd")) {
            turn.tell(stream, "notifications/message", "{\"level\":\"" + level + "\"}");
        }
        turn.tell(stream, "notifications/roots/list_changed", "{}");
        turn.event(stream, turn.response("{}"));
    }

    @Test
    void asksASessionForALevelOnceAndAgainOnlyForAMoreTalkativeOne() throws Exception {
        server.capable("{\"tools\":{},\"logging\":{}}").answering(turn -> turn.result("{}"));
        for (var level : List.of("info", "info", "error", "debug", "loud\"")) {
            assertThat(Await.one(upstream.call(request(logging(level, heard)))))
                    .isInstanceOf(UpstreamReply.Result.class);
        }
        assertThat(server.received("logging/setLevel"))
                .extracting(it -> it.tree().at("/params/level").asString())
                .containsExactly("info", "debug");
    }

    @Test
    void asksNoServerForALevelThatHasNoLog() throws Exception {
        Await.one(upstream.call(request(logging("info", heard))));
        assertThat(server.received("logging/setLevel")).isEmpty();
    }

    @Test
    void goesOnWhenTheServerRefusesTheLevel() throws Exception {
        server.capable("{\"tools\":{},\"logging\":{}}")
                .answering(turn -> {
                    if (turn.request().method().equals("logging/setLevel")) {
                        turn.status(500);
                    } else {
                        turn.result("{}");
                    }
                });
        assertThat(Await.one(upstream.call(request(logging("info", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void dropsWhatIsBeyondAThousandNotificationsASecond() throws Exception {
        server.answering(turn -> {
            var stream = new java.io.BufferedOutputStream(turn.stream(), 64 * 1024);
            for (int i = 0; i < 20_000; i++) {
                stream.write(storm());
            }
            turn.event(stream, turn.response("{}"));
        });
        var began = System.nanoTime();
        var request =
                new UpstreamRequest(
                        "tools/call",
                        new byte[] {'{', '}'},
                        envelope("{}", heard),
                        java.time.Duration.ofSeconds(20),
                        10_000_000);
        assertThat(Await.one(upstream.call(request))).isInstanceOf(UpstreamReply.Result.class);
        long seconds = (System.nanoTime() - began) / 1_000_000_000 + 1;
        assertThat(heard.all()).hasSizeBetween(1_000, (int) (seconds + 1) * 1_000);
    }

    private static byte[] storm() {
        return "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void hearsNothingAfterTheReply() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            turn.event(stream, turn.response("{\"n\":1}"));
            turn.tell(stream, "notifications/message", "{}");
            turn.event(stream, turn.response("{\"n\":2}"));
        });
        assertThat(listen())
                .isInstanceOfSatisfying(
                        UpstreamReply.Result.class,
                        it -> assertThat(it.result().path("n").asInt()).isEqualTo(1));
        server.answering(turn -> turn.result("{}"));
        listen();
        assertThat(heard.all()).isEmpty();
    }

    private UpstreamReply listen() throws InterruptedException {
        return Await.one(upstream.call(request(envelope("{}", heard))));
    }
}
