package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.JsonText;
import io.sallyport.threads.Await;
import io.sallyport.upstream.session.SessionUpstream;
import io.sallyport.upstream.wire.McpHttp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request in whose middle a server asks something. */
class McpQuestionTest extends UpstreamTest {
    private static final String FORM =
            "{\"message\":\"How many?\",\"requestedSchema\":{\"n\":1.10}}";
    private static final String ACCEPTED = "{\"ask-1\":{\"action\":\"accept\",\"content\":{}}}";

    private final Heard heard = new Heard();
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void endsTheLegWithWhatTheServerAsks() throws Exception {
        server.answering(this::elicit);
        var asked = (UpstreamReply.InputRequired) ask();
        assertThat(JsonText.text(asked.result()))
                .isEqualTo(
                        "{\"resultType\":\"input_required\",\"inputRequests\":{\"ask-1\":"
                                + "{\"method\":\"elicitation/create\",\"params\":"
                                + FORM
                                + "}}}");
        assertThat(asked.continuation()).isInstanceOf(Continuation.Parked.class);
        assertThat(asked.continuation()).hasToString("Parked");
        over.countDown();
    }

    @Test
    void answersTheServerInItsSessionAndReadsOn() throws Exception {
        server.answering(this::elicit);
        var reply = goOn(ask(), ACCEPTED);
        var answer = server.received("response").getFirst();
        assertThat(answer.text())
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"result\":{\"action\":\"accept\",\"content\":{}},"
                                + "\"id\":\"e\"}");
        assertThat(answer.header("Mcp-session-id")).isEqualTo("s-1");
        assertThat(reply).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("tools/call")).hasSize(1);
    }

    /** Asks once and answers when it is answered. */
    private void elicit(Turn turn) throws Exception {
        var stream = turn.stream();
        turn.ask(stream, "e", "elicitation/create", FORM);
        server.await("response", 1);
        turn.event(stream, turn.response("{}"));
    }

    @Test
    void asksOneQuestionAfterTheOther() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            turn.ask(stream, "a", "elicitation/create", "{}");
            turn.ask(stream, "b", "roots/list", "{}");
            server.await("response", 2);
            turn.event(stream, turn.response("{}"));
        });
        var first = ask();
        assertThat(first.toString()).startsWith("InputRequired");
        var second = goOn(first, ACCEPTED);
        assertThat(((UpstreamReply.InputRequired) second).result().path("inputRequests").toString())
                .contains("ask-2", "roots/list");
        var last = goOn(second, "{\"ask-2\":{\"roots\":[]}}");
        assertThat(last).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("response"))
                .extracting(it -> it.tree().path("id").asString())
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ask-1\":{\"error\":{\"code\":-1,\"message\":\"User is away\"}}}",
                "{}",
                "{\"ask-1\":\"yes\"}"
            })
    void tellsTheServerThatTheClientFailed(String responses) throws Exception {
        server.answering(this::elicit);
        assertThat(goOn(ask(), responses)).isInstanceOf(UpstreamReply.Result.class);
        var error = server.received("response").getFirst().tree().path("error");
        assertThat(error.path("code").isInt()).isTrue();
        assertThat(error.path("message").asString()).isNotEmpty();
    }

    @Test
    @DisplayName("MP-09 what was not declared is refused, and the call goes on")
    void refusesWhatWasNotDeclared() throws Exception {
        server.answering(this::wish);
        var envelope = envelope("{\"elicitation\":{\"form\":{}}}", heard);
        assertThat(Await.one(upstream.call(request(envelope))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("response").subList(1, 4))
                .allSatisfy(
                        it -> assertThat(it.tree().at("/error/code").asInt()).isEqualTo(-32601));
        assertThat(heard.all())
                .containsExactly(
                        "refused sampling/createMessage",
                        "refused roots/list",
                        "refused elicitation/create");
    }

    private void wish(Turn turn) throws Exception {
        var stream = turn.stream();
        turn.ask(stream, "p", "ping", "{}");
        turn.ask(stream, "s", "sampling/createMessage", "{}");
        turn.ask(stream, "r", "roots/list", "{}");
        turn.ask(stream, "u", "elicitation/create", "{\"mode\":\"url\"}");
        server.await("response", 4);
        turn.event(stream, turn.response("{}"));
    }

    @Test
    void declaresInASessionOfItsOwnWhatTheEnvelopeOffers() throws Exception {
        call();
        Await.one(upstream.call(request(envelope("{\"roots\":{},\"elicitation\":{}}", heard))));
        Await.one(upstream.call(request(envelope("{\"elicitation\":{},\"roots\":{}}", heard))));
        assertThat(server.received("initialize"))
                .extracting(it -> it.tree().at("/params/capabilities").toString())
                .containsExactly("{}", "{\"elicitation\":{},\"roots\":{}}");
        assertThat(server.received("tools/call"))
                .extracting(it -> it.header("Mcp-session-id"))
                .containsExactly("s-1", "s-2", "s-2");
    }

    @Test
    void takesATicketOnce() throws Exception {
        server.answering(this::elicit);
        var asked = ask();
        goOn(asked, ACCEPTED);
        assertThat(goOn(asked, ACCEPTED)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received("response")).hasSize(1);
    }

    @Test
    void takesATicketFromNobodyElse() throws Exception {
        server.answering(this::elicit);
        var asked = (UpstreamReply.InputRequired) ask();
        var own = continued(asked.continuation(), ACCEPTED);
        var stolen =
                new Envelope(
                        "mallory",
                        own.name(),
                        own.capabilities(),
                        false,
                        own.logLevel(),
                        List.of(),
                        own.listener(),
                        own.continued());
        assertThat(Await.one(upstream.call(request(stolen))))
                .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(goOn(asked, ACCEPTED)).isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void knowsNoStateOfAnotherEra() throws Exception {
        var state = new Continuation.State(java.util.Optional.of("s"));
        assertThat(Await.one(upstream.call(request(continued(state, "{}")))))
                .isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received()).isEmpty();
    }

    @Test
    void doesNotCountTheTimeInWhichAPersonThinks() throws Exception {
        server.answering(this::elicit);
        var brief = request(envelope("{\"elicitation\":{}}", heard), Duration.ofMillis(700));
        var asked = Await.one(upstream.call(brief));
        passTime(Duration.ofSeconds(1));
        assertThat(goOn(asked, ACCEPTED)).isInstanceOf(UpstreamReply.Result.class);
    }

    @Test
    void givesTheNextLegATimeOfItsOwn() throws Exception {
        server.answering(turn -> {
            turn.ask(turn.stream(), "e", "elicitation/create", "{}");
            over.await(20, TimeUnit.SECONDS);
        });
        var asked = (UpstreamReply.InputRequired) ask();
        var brief = request(continued(asked.continuation(), ACCEPTED), Duration.ofMillis(300));
        assertThat(Await.one(upstream.call(brief)))
                .isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        assertCancelled();
    }

    @Test
    void givesUpAStreamForWhichNobodyBringsAnAnswer() throws Exception {
        upstream = impatient(10, Duration.ofMillis(200));
        server.answering(this::elicit);
        var asked = ask();
        assertCancelled();
        assertThat(goOn(asked, ACCEPTED)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @Test
    void tellsTheServerOfAnAbandonedRequestAndForgetsIt() throws Exception {
        server.answering(this::elicit);
        var asked = (UpstreamReply.InputRequired) ask();
        upstream.abandon((Continuation.Parked) asked.continuation());
        upstream.abandon((Continuation.Parked) asked.continuation());
        assertCancelled();
        assertThat(goOn(asked, ACCEPTED)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        assertThat(server.received("notifications/cancelled")).hasSize(1);
    }

    @Test
    void tellsTheServerWhenTheNextLegIsCancelled() throws Exception {
        server.answering(turn -> {
            turn.ask(turn.stream(), "e", "elicitation/create", "{}");
            over.await(20, TimeUnit.SECONDS);
        });
        var asked = (UpstreamReply.InputRequired) ask();
        var leg = upstream.call(request(continued(asked.continuation(), ACCEPTED))).toFuture();
        server.await("response", 1);
        leg.cancel(true);
        assertCancelled();
    }

    private void assertCancelled() throws InterruptedException {
        var told = server.await("notifications/cancelled", 1).getFirst();
        var call = server.received("tools/call").getFirst();
        assertThat(told.tree().at("/params/requestId")).isEqualTo(call.tree().path("id"));
        over.countDown();
    }

    @Test
    void parksNoMoreThanItMay() throws Exception {
        upstream = impatient(1, Duration.ofSeconds(10));
        server.answering(this::elicit);
        assertThat(ask()).isInstanceOf(UpstreamReply.InputRequired.class);
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("response").getFirst().tree().at("/error/code").asInt())
                .isEqualTo(-32603);
        assertThat(heard.all()).containsExactly("refused elicitation/create");
    }

    @Test
    void parksNoMoreOfOnePrincipalThanOthersCanBear() throws Exception {
        upstream = impatient(10, Duration.ofSeconds(10));
        server.answering(this::elicit);
        assertThat(List.of(ask(), ask())).hasOnlyElementsOfType(UpstreamReply.InputRequired.class);
        assertThat(ask()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(askAs("bob")).isInstanceOf(UpstreamReply.InputRequired.class);
    }

    private UpstreamReply askAs(String principal) throws InterruptedException {
        var own = envelope("{\"elicitation\":{}}", heard);
        var envelope =
                new Envelope(
                        principal,
                        own.name(),
                        own.capabilities(),
                        own.progress(),
                        own.logLevel(),
                        own.paramHeaders(),
                        own.listener(),
                        own.continued());
        return Await.one(upstream.call(request(envelope)));
    }

    @Test
    void failsWhenTheServerDoesNotTakeTheAnswer() throws Exception {
        server.answering(
                        turn -> {
                            turn.ask(turn.stream(), "e", "elicitation/create", "{}");
                            over.await(20, TimeUnit.SECONDS);
                        })
                .taking(turn -> turn.status(404));
        assertThat(goOn(ask(), ACCEPTED)).isEqualTo(failed(UpstreamFailure.HTTP_ERROR, true));
        over.countDown();
    }

    @Test
    void failsWhenTheStreamWasLostInTheMeantime() throws Exception {
        server.answering(turn -> turn.ask(turn.truncated(), "e", "elicitation/create", "{}"));
        assertThat(goOn(ask(), ACCEPTED)).isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
        server.answering(turn -> turn.ask(turn.stream(), "e", "elicitation/create", "{}"));
        assertThat(goOn(ask(), ACCEPTED)).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    private McpUpstream impatient(int most, Duration patience) {
        var http = new McpHttp(egress, server.destination(), List.of(CREDENTIAL));
        return new SessionUpstream(http, new SessionUpstream.Limits(100, most, 2, patience));
    }

    private UpstreamReply ask() throws InterruptedException {
        var envelope = envelope("{\"elicitation\":{},\"roots\":{}}", heard);
        return Await.one(upstream.call(request(envelope)));
    }

    private UpstreamReply goOn(UpstreamReply asked, String responses) throws InterruptedException {
        var continuation = ((UpstreamReply.InputRequired) asked).continuation();
        return Await.one(upstream.call(request(continued(continuation, responses))));
    }
}
