package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B9: progress and log messages that come on the session's own stream. */
class SessionProgressTest extends UpstreamTest {
    private static final List<String> STRAYS =
            List.of(
                    "{\"heartbeat\":1}",
                    "keep-alive",
                    "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}");

    private final Heard heard = new Heard();
    private final CountDownLatch over = new CountDownLatch(1);
    private final BlockingQueue<OutputStream> sides = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        over.countDown();
    }

    private void listen(Turn turn) throws Exception {
        var stream = turn.stream();
        stream.flush();
        sides.add(stream);
        over.await(20, TimeUnit.SECONDS);
    }

    private OutputStream side() throws InterruptedException {
        var side = sides.poll(10, TimeUnit.SECONDS);
        assertThat(side).isNotNull();
        return side;
    }

    private static void progress(Turn turn, OutputStream side, String token, int progress)
            throws Exception {
        turn.tell(
                side,
                "notifications/progress",
                "{\"progressToken\":" + token + ",\"progress\":" + progress + "}");
    }

    /** Whatever is told before the ping has been heard when it is answered. */
    private void settle(Turn turn, OutputStream side) throws Exception {
        int before = server.received("response").size();
        turn.ask(side, "p", "ping", "{}");
        server.await("response", before + 1);
    }

    @Test
    void hearsOfItsProgressThereWhileTheCallIsAnsweredByABody() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    var side = side();
                    for (var token : List.of(turn.id(), "4711", "\"x\"", "null", turn.id())) {
                        progress(turn, side, token, turn.id().equals(token) ? 1 : 2);
                    }
                    settle(turn, side);
                    turn.result("{}");
                });
        assertThat(Await.one(upstream.call(request(envelope("{}", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(heard.all())
                .containsExactly(
                        "notifications/progress {\"progress\":1}",
                        "notifications/progress {\"progress\":1}");
    }

    /** B12: the token comes back as ids do. */
    @ParameterizedTest
    @ValueSource(strings = {"\"ID\"", "ID.0", "ID.000", "ID"})
    void hearsOfItHoweverTheTokenIsWritten(String token) throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    var stream = turn.stream();
                    var side = side();
                    progress(turn, side, token.replace("ID", turn.id()), 1);
                    settle(turn, side);
                    progress(turn, stream, token.replace("ID", turn.id()), 2);
                    turn.event(stream, turn.response("{}"));
                });
        Await.one(upstream.call(request(envelope("{}", heard))));
        assertThat(heard.all())
                .containsExactly(
                        "notifications/progress {\"progress\":1}",
                        "notifications/progress {\"progress\":2}");
    }

    /** B12: of what is near to that, nothing is ours. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"0ID\"",
                "\"ID.0\"",
                "\" ID\"",
                "\"+ID\"",
                "ID.5",
                "-ID",
                "[ID]",
                "{\"a\":ID}",
                "null",
                "true",
                "1ID0"
            })
    void hearsOfNothingElse(String token) throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            progress(turn, stream, token.replace("ID", turn.id()), 1);
            turn.event(stream, turn.response("{}"));
        });
        Await.one(upstream.call(request(envelope("{}", heard))));
        assertThat(heard.all()).isEmpty();
    }

    @Test
    void hearsOfItOnBothStreams() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    var stream = turn.stream();
                    var side = side();
                    progress(turn, side, turn.id(), 1);
                    settle(turn, side);
                    progress(turn, stream, turn.id(), 2);
                    turn.event(stream, turn.response("{}"));
                });
        assertThat(Await.one(upstream.call(request(envelope("{}", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(heard.all())
                .containsExactly(
                        "notifications/progress {\"progress\":1}",
                        "notifications/progress {\"progress\":2}");
    }

    @Test
    void givesEachCallItsOwn() throws Exception {
        var other = new Heard();
        var all = new CountDownLatch(2);
        server.listening(this::listen)
                .answering(turn -> {
                    all.countDown();
                    all.await(10, TimeUnit.SECONDS);
                    tellOfItself(turn);
                    turn.result("{\"id\":" + turn.id() + "}");
                });
        var one = upstream.call(request(envelope("{}", heard))).toFuture();
        var two = upstream.call(request(envelope("{}", other))).toFuture();
        assertThat(heardOf(one.get(), heard)).isTrue();
        assertThat(heardOf(two.get(), other)).isTrue();
    }

    private void tellOfItself(Turn turn) throws Exception {
        synchronized (sides) {
            var side = side();
            progress(turn, side, turn.id(), Integer.parseInt(turn.id()));
            settle(turn, side);
            sides.add(side);
        }
    }

    private static boolean heardOf(UpstreamReply reply, Heard heard) {
        var id = ((UpstreamReply.Result) reply).result().path("id").asString();
        return heard.all().equals(List.of("notifications/progress {\"progress\":" + id + "}"));
    }

    @Test
    void hearsALogMessageIfItIsTheOnlyCall() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    var side = side();
                    turn.tell(side, "notifications/message", "{\"level\":\"debug\"}");
                    turn.tell(side, "notifications/message", "{\"level\":\"error\"}");
                    settle(turn, side);
                    turn.result("{}");
                });
        Await.one(upstream.call(request(logging("warning", heard))));
        assertThat(heard.all()).containsExactly("notifications/message {\"level\":\"error\"}");
    }

    /** One that wants to hear nothing may be the one that is told of. */
    @Test
    void hearsNoLogMessageWhileAnotherCallIsOpen() throws Exception {
        var answered = new CountDownLatch(1);
        server.listening(this::listen)
                .answering(turn -> {
                    if (turn.request().text().contains("quiet")) {
                        answered.await(20, TimeUnit.SECONDS);
                    } else {
                        logAside(turn);
                    }
                    turn.result("{}");
                });
        var quiet = upstream.call(request("{\"name\":\"quiet\"}")).toFuture();
        server.await("tools/call", 1);
        Await.one(upstream.call(request(logging("warning", heard))));
        assertThat(heard.all()).isEmpty();
        answered.countDown();
        quiet.get();
        Await.one(upstream.call(request(logging("warning", heard))));
        assertThat(heard.all()).hasSize(1);
    }

    private void logAside(Turn turn) throws Exception {
        var side = side();
        turn.tell(side, "notifications/message", "{\"level\":\"error\"}");
        settle(turn, side);
        sides.add(side);
    }

    @Test
    void hearsNothingThereAfterTheAnswer() throws Exception {
        var ids = new LinkedBlockingQueue<String>();
        server.listening(
                        turn -> {
                            var stream = turn.stream();
                            stream.flush();
                            progress(turn, stream, ids.poll(10, TimeUnit.SECONDS), 1);
                            settle(turn, stream);
                            over.await(20, TimeUnit.SECONDS);
                        })
                .answering(turn -> turn.result("{\"id\":" + turn.id() + "}"));
        var reply = (UpstreamReply.Result) Await.one(upstream.call(request(envelope("{}", heard))));
        ids.add(reply.result().path("id").asString());
        server.await("response", 1);
        assertThat(heard.all()).isEmpty();
    }

    @Test
    void skipsWhatIsNoMessageThere() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    sayStrays(turn);
                    turn.result("{}");
                });
        Await.one(upstream.call(request(envelope("{}", heard))));
        assertThat(heard.all()).containsExactly("notifications/progress {\"progress\":1}");
        assertThat(server.received("GET")).hasSize(1);
    }

    private void sayStrays(FakeMcpServer.Turn turn) throws Exception {
        var side = side();
        for (var stray : STRAYS) {
            turn.event(side, stray);
        }
        progress(turn, side, turn.id(), 1);
        settle(turn, side);
    }

    @Test
    void takesTheAnswerOfAServerThatHasNoSuchStream() throws Exception {
        assertThat(Await.one(upstream.call(request(envelope("{}", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(Await.one(upstream.call(request(envelope("{}", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("GET")).hasSize(1);
    }

    /** A page, a redirect and a refusal all say that there is no such stream. */
    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 404, 405})
    void asksOnceForAStreamThatIsNone(int status) throws Exception {
        server.listening(turn -> turn.body(status, "text/html", "<p>".getBytes(UTF_8)));
        for (int call = 0; call < 3; call++) {
            assertThat(Await.one(upstream.call(request(envelope("{}", heard)))))
                    .isInstanceOf(UpstreamReply.Result.class);
        }
        assertThat(server.received("GET")).hasSize(1);
    }

    @Test
    void waitsForNoServerThatDoesNotSayWhetherItHasOne() throws Exception {
        server.listening(_ -> over.await(20, TimeUnit.SECONDS));
        assertThat(Await.one(upstream.call(request(envelope("{}", heard)))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(over.getCount()).isEqualTo(1);
    }

    @Test
    void opensNoneForACallThatWantsToHearNothing() throws Exception {
        call();
        assertThat(server.received("GET")).isEmpty();
    }
}
