package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import io.sallyport.upstream.session.SessionUpstream;
import io.sallyport.upstream.wire.McpHttp;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of what a server asks on the stream of the session instead of that of the call. */
class McpSessionStreamTest extends UpstreamTest {
    private static final String ACCEPTED = "{\"ask-1\":{\"action\":\"accept\",\"content\":{}}}";
    private static final String ELICIT = "elicitation/create";

    private final Heard heard = new Heard();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private final BlockingQueue<Side> sides = new LinkedBlockingQueue<>();

    private record Side(Turn turn, OutputStream stream) {
        void ask(String id, String method) throws Exception {
            turn.ask(stream, id, method, "{}");
        }
    }

    @AfterEach
    void end() {
        over.countDown();
    }

    /** Keeps the session's stream open. */
    private void listen(Turn turn) throws Exception {
        var stream = turn.stream();
        stream.flush();
        sides.add(new Side(turn, stream));
        over.await(20, TimeUnit.SECONDS);
    }

    private Side side() throws InterruptedException {
        var side = sides.poll(10, TimeUnit.SECONDS);
        assertThat(side).isNotNull();
        return side;
    }

    @Test
    void endsTheLegThoughTheAnswerHasNotBegun() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    side().ask("e", ELICIT);
                    server.await("response", 1);
                    turn.result("{\"n\":1.10}");
                });
        var asked = ask();
        assertThat(asked).isInstanceOf(UpstreamReply.InputRequired.class);
        assertThat(server.received("response")).isEmpty();
        var reply = goOn(asked, ACCEPTED);
        assertThat(((UpstreamReply.Result) reply).result()).hasToString("{\"n\":1.10}");
        assertThat(server.received("response").getFirst().text())
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"result\":{\"action\":\"accept\",\"content\":{}},"
                                + "\"id\":\"e\"}");
    }

    @Test
    void endsTheLegWhileTheCallIsAnsweredByAStream() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    var stream = turn.stream();
                    side().ask("e", ELICIT);
                    server.await("response", 1);
                    turn.event(stream, turn.response("{}"));
                });
        assertThat(goOn(ask(), ACCEPTED)).isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void asksOneQuestionAfterTheOtherWhereverTheyCome() throws Exception {
        server.listening(this::listen).answering(this::askThrice);
        var reply = ask();
        for (int leg = 0; leg < 3; leg++) {
            var asked = (UpstreamReply.InputRequired) reply;
            var key = asked.result().path("inputRequests").propertyNames().iterator().next();
            reply = goOn(asked, "{\"" + key + "\":{\"action\":\"decline\"}}");
        }
        assertThat(reply).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("response"))
                .extracting(it -> it.tree().path("id").asString())
                .containsExactly("a", "b", "c");
    }

    private void askThrice(Turn turn) throws Exception {
        var stream = turn.stream();
        var side = side();
        side.ask("a", ELICIT);
        side.ask("b", ELICIT);
        server.await("response", 2);
        turn.ask(stream, "c", ELICIT, "{}");
        server.await("response", 3);
        turn.event(stream, turn.response("{}"));
    }

    @Test
    void listensBeforeTheFirstCallAndOnceForAll() throws Exception {
        server.listening(this::listen);
        ask();
        ask();
        assertThat(server.received().stream().map(FakeMcpServer.Received::method))
                .containsExactly(
                        "initialize",
                        "notifications/initialized",
                        "GET",
                        "tools/call",
                        "tools/call");
        var get = server.received("GET").getFirst();
        assertThat(get.header("Accept")).isEqualTo("text/event-stream");
        assertThat(get.header("Mcp-session-id")).isEqualTo("s-1");
        assertThat(get.header("Authorization")).isEqualTo("Bearer canary");
    }

    @Test
    void opensNoStreamInASessionInWhichNothingMayBeAsked() throws Exception {
        server.listening(this::listen);
        call();
        assertThat(server.received("GET")).isEmpty();
    }

    @Test
    void takesNoForAnAnswer() throws Exception {
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("GET")).hasSize(1);
    }

    @Test
    void doesNotWaitForAServerThatSaysNothing() throws Exception {
        server.listening(_ -> over.await(20, TimeUnit.SECONDS));
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("GET")).hasSize(1);
    }

    @Test
    @DisplayName("MP-09 a question that may be another call's is refused, and both go on")
    void refusesWhatCouldBeAskedForEitherOfTwo() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    server.await("response", 1);
                    turn.result("{}");
                });
        var one = start();
        var other = start();
        server.await("tools/call", 2);
        side().ask("e", ELICIT);
        assertThat(one.get(10, TimeUnit.SECONDS)).isInstanceOf(UpstreamReply.Result.class);
        assertThat(other.get(10, TimeUnit.SECONDS)).isInstanceOf(UpstreamReply.Result.class);
        assertRefused(-32601);
        assertThat(heard.all()).containsExactly("refused " + ELICIT, "refused " + ELICIT);
    }

    @Test
    @DisplayName("MP-09 a question after the answer is nobody's")
    void refusesWhatIsAskedWhenNoCallIsOpen() throws Exception {
        server.listening(this::listen);
        ask();
        var side = side();
        side.ask("e", ELICIT);
        side.ask("p", "ping");
        assertThat(server.await("response", 2)).hasSize(2);
        assertRefused(-32601);
        assertThat(server.received("response").get(1).tree().has("result")).isTrue();
        assertThat(heard.all()).isEmpty();
    }

    @Test
    @DisplayName("MP-09 what was not declared is refused there too")
    void refusesWhatWasNotDeclared() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    side().ask("s", "sampling/createMessage");
                    server.await("response", 1);
                    turn.result("{}");
                });
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertRefused(-32601);
        assertThat(heard.all()).containsExactly("refused sampling/createMessage");
    }

    private void assertRefused(int code) {
        assertThat(server.received("response").getFirst().tree().at("/error/code").asInt())
                .isEqualTo(code);
    }

    @Test
    void keepsTheAnswerOfAServerThatDidNotWaitForOurs() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    side().ask("e", ELICIT);
                    over.await(20, TimeUnit.SECONDS);
                    turn.result("{\"late\":true}");
                });
        var asked = ask();
        over.countDown();
        server.listening(turn -> turn.status(405)).answering(turn -> turn.result("{}"));
        var reply = (UpstreamReply.Result) goOn(asked, ACCEPTED);
        assertThat(reply.result()).hasToString("{\"late\":true}");
    }

    @Test
    void doesNotCountTheTimeInWhichAPersonThinks() throws Exception {
        server.listening(this::listen)
                .answering(turn -> {
                    side().ask("e", ELICIT);
                    server.await("response", 1);
                    turn.result("{}");
                });
        var brief = request(envelope("{\"elicitation\":{}}", heard), Duration.ofSeconds(1));
        var asked = Await.one(upstream.call(brief));
        passTime(Duration.ofMillis(1500));
        assertThat(goOn(asked, ACCEPTED)).isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void givesUpACallForWhichNobodyBringsAnAnswer() throws Exception {
        var http = new McpHttp(egress, server.destination(), List.of(CREDENTIAL));
        upstream =
                new SessionUpstream(
                        http, new SessionUpstream.Limits(10, 10, 10, Duration.ofMillis(200)));
        server.listening(this::listen)
                .answering(turn -> {
                    side().ask("e", ELICIT);
                    over.await(20, TimeUnit.SECONDS);
                });
        var asked = ask();
        server.await("notifications/cancelled", 1);
        assertThat(goOn(asked, ACCEPTED)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @Test
    void cancelsACallThatIsLateAndWhoseAnswerHasNotBegun() throws Exception {
        server.listening(this::listen).answering(_ -> over.await(20, TimeUnit.SECONDS));
        var brief = request(envelope("{\"elicitation\":{}}", heard), Duration.ofMillis(300));
        assertThat(Await.one(upstream.call(brief)))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        server.await("notifications/cancelled", 1);
    }

    @Test
    void aCallThatWasLateIsNotTakenForTheOneThatIsAskedNow() throws Exception {
        server.listening(this::listen).answering(_ -> over.await(20, TimeUnit.SECONDS));
        var brief = request(envelope("{\"elicitation\":{}}", heard), Duration.ofMillis(300));
        assertThat(Await.one(upstream.call(brief)))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        server.answering(turn -> {
            side().ask("e", ELICIT);
            server.await("response", 1);
            turn.result("{}");
        });
        assertThat(goOn(ask(), ACCEPTED)).isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void opensTheStreamAgainWhileACallIsOpen() throws Exception {
        server.listening(Turn::stream)
                .answering(turn -> {
                    server.await("GET", 1);
                    server.listening(this::listen);
                    side().ask("e", ELICIT);
                    server.await("response", 1);
                    turn.result("{}");
                });
        assertThat(goOn(ask(), ACCEPTED)).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("GET")).hasSize(2);
    }

    @Test
    void leavesTheStreamWhenTheSessionsEnd() throws Exception {
        server.listening(this::beat);
        ask();
        upstream.close();
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(over.getCount()).isEqualTo(1);
    }

    /** Until nobody hears it. */
    private void beat(Turn turn) throws Exception {
        var stream = turn.stream();
        try {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                turn.event(stream, "");
            }
        } finally {
            left.countDown();
        }
    }

    private Future<? extends @Nullable UpstreamReply> start() {
        return upstream.call(request(envelope("{\"elicitation\":{}}", heard))).toFuture();
    }

    private UpstreamReply ask() throws InterruptedException {
        return Await.one(upstream.call(request(envelope("{\"elicitation\":{}}", heard))));
    }

    private UpstreamReply goOn(UpstreamReply asked, String responses) throws InterruptedException {
        var continuation = ((UpstreamReply.InputRequired) asked).continuation();
        return Await.one(upstream.call(request(continued(continuation, responses))));
    }
}
