package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Received;
import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.threads.Await;
import io.sallyport.upstream.session.SessionUpstream;
import io.sallyport.upstream.wire.McpHttp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** How a session is opened, kept, lost and ended. */
class McpSessionTest extends UpstreamTest {
    @Test
    void greetsBeforeAnythingElse() throws Exception {
        var greeting = Await.one(upstream.probe());
        assertThat(greeting.protocolVersion()).isEqualTo("2025-11-25");
        assertThat(greeting.serverInfo().path("name").asString()).isEqualTo("fake");
        assertThat(greeting.capabilities().has("tools")).isTrue();
        assertThat(greeting.instructions()).contains("Be kind.");
        assertThat(methods()).containsExactly("initialize", "notifications/initialized");
    }

    @Test
    void sendsNothingBeforeItIsAsked() {
        upstream.call(request("{}"));
        upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED);
        upstream.probe();
        assertThat(server.received()).isEmpty();
    }

    @Test
    void greetsWithoutASessionAndNamesItAfterwards() throws Exception {
        call();
        var first = server.received().getFirst();
        assertThat(first.headers()).doesNotContainKeys("Mcp-session-id", "Mcp-protocol-version");
        assertThat(server.received().subList(1, 3))
                .allSatisfy(it -> assertThat(it.header("Mcp-session-id")).isEqualTo("s-1"))
                .allSatisfy(it ->
                        assertThat(it.header("Mcp-protocol-version")).isEqualTo("2025-11-25"));
    }

    @Test
    void sendsOneHeaderOfAKindAndNoneBeyondTheCredential() throws Exception {
        call();
        var call = server.received("tools/call").getFirst();
        assertThat(call.headers().keySet().stream().map(it -> it.toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrder(
                        "host",
                        "content-length",
                        "content-type",
                        "accept",
                        "user-agent",
                        "authorization",
                        "mcp-session-id",
                        "mcp-protocol-version");
        assertThat(call.headers().values()).allSatisfy(values -> assertThat(values).hasSize(1));
        assertThat(call.header("Accept")).isEqualTo("application/json, text/event-stream");
        assertThat(call.header("Content-type")).isEqualTo("application/json");
        assertThat(call.header("User-agent")).isEqualTo("sallyport");
    }

    @Test
    void carriesTheCredentialOnEveryRequest() throws Exception {
        call();
        assertThat(server.received())
                .allSatisfy(
                        it -> assertThat(it.header("Authorization")).isEqualTo("Bearer canary"));
    }

    @Test
    void opensOneSessionHoweverManyAsk() throws Exception {
        var calls = Flux.range(0, 20).flatMap(_ -> upstream.call(request("{}")), 20);
        assertThat(Await.one(calls.collectList()))
                .hasOnlyElementsOfType(UpstreamReply.Result.class);
        assertThat(server.received("initialize")).hasSize(1);
    }

    @Test
    void givesEachPrincipalASessionOfItsOwn() throws Exception {
        call();
        callAs("bob");
        assertThat(server.received("tools/call"))
                .extracting(it -> it.header("Mcp-session-id"))
                .containsExactly("s-1", "s-2");
    }

    @Test
    void endsTheSessionThatWasIdleLongestWhenThereAreTooMany() throws Exception {
        upstream = withSessions(2);
        callAs("ann");
        callAs("bob");
        callAs("ann");
        callAs("eve");
        assertThat(server.await("DELETE", 1).getFirst().header("Mcp-session-id")).isEqualTo("s-2");
        callAs("ann");
        assertThat(server.received("initialize")).hasSize(3);
    }

    @Test
    void endsNoSessionInWhichACallIsUnderWay() throws Exception {
        upstream = withSessions(1);
        var busy = new CountDownLatch(1);
        server.answering(turn -> {
            busy.await(20, TimeUnit.SECONDS);
            turn.result("{}");
        });
        var running = upstream.call(as("ann")).toFuture();
        server.await("tools/call", 1);
        assertThat(callAs("bob")).isEqualTo(failed(UpstreamFailure.OVER_LIMIT, false));
        busy.countDown();
        assertThat(running.get()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(callAs("bob")).isInstanceOf(UpstreamReply.Result.class);
    }

    private McpUpstream withSessions(int most) {
        var http = new McpHttp(egress, server.destination(), List.of(CREDENTIAL));
        return new SessionUpstream(
                http, new SessionUpstream.Limits(most, 10, 10, Duration.ofMinutes(1)));
    }

    private UpstreamReply callAs(String principal) throws InterruptedException {
        return Await.one(upstream.call(as(principal)));
    }

    private static UpstreamRequest as(String principal) {
        return request(Envelope.plain(principal));
    }

    /** H8. */
    @Test
    void opensALostSessionAnewForTheNextCallAndSendsNoneTwice() throws Exception {
        call();
        server.answering(McpSessionTest::unlessFirst);
        assertThat(call()).isEqualTo(failed(UpstreamFailure.DECLINED, true));
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(methods())
                .containsExactly(
                        "initialize",
                        "notifications/initialized",
                        "tools/call",
                        "tools/call",
                        "initialize",
                        "notifications/initialized",
                        "tools/call");
        assertThat(server.received().getLast().header("Mcp-session-id")).isEqualTo("s-2");
    }

    /** H8. */
    @ParameterizedTest
    @ValueSource(strings = {"tools/call", "prompts/get", "resources/read", "completion/complete"})
    void sendsNothingTwiceThatMayHaveAnEffect(String method) throws Exception {
        server.answering(McpSessionTest::unlessFirst);
        assertThat(ask(method)).isEqualTo(failed(UpstreamFailure.DECLINED, true));
        assertThat(server.received(method)).hasSize(1);
        assertThat(ask(method)).isInstanceOf(UpstreamReply.Result.class);
    }

    private UpstreamReply ask(String method) throws InterruptedException {
        var call = request("{}");
        return Await.one(
                upstream.call(
                        new UpstreamRequest(
                                method,
                                call.params(),
                                call.envelope(),
                                call.timeout(),
                                call.maxBytes())));
    }

    @Test
    void opensALostSessionAnewOnceAndListsAgain() throws Exception {
        server.answering(turn -> {
            if (turn.request().header("Mcp-session-id").equals("s-1")) {
                turn.status(404);
            } else {
                turn.result("{\"tools\":[]}");
            }
        });
        assertThat(Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED))).isEmpty();
        assertThat(server.received("tools/list")).hasSize(2);
    }

    private static void unlessFirst(Turn turn) throws java.io.IOException {
        if (turn.request().header("Mcp-session-id").equals("s-1")) {
            turn.status(404);
        } else {
            turn.result("{}");
        }
    }

    @Test
    void givesUpWhenTheNewSessionIsLostAsWell() throws Exception {
        server.answering(turn -> turn.status(404));
        assertThatThrownBy(() -> Await.one(upstream.list(ListKind.TOOLS, AnswerRoom.UNCOUNTED)))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        it -> assertThat(it.failure()).isEqualTo(UpstreamFailure.DECLINED));
        assertThat(server.received("initialize")).hasSize(2);
        assertThat(server.received("tools/list")).hasSize(2);
    }

    @Test
    void takesNotFoundForAnErrorWhereThereIsNoSessionToLose() throws Exception {
        server.greeting(server::greetWithoutSession).answering(turn -> turn.status(404));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.HTTP_ERROR, true));
        assertThat(server.received("initialize")).hasSize(1);
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void dropsADoubtfulSessionWithoutResending() throws Exception {
        server.answering(turn -> turn.status(400));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.HTTP_ERROR, true));
        assertThat(server.received("initialize")).hasSize(1);
        assertThat(server.received("tools/call")).hasSize(1);
        server.answering(turn -> turn.result("{}"));
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("initialize")).hasSize(2);
    }

    @Test
    void remembersNoFailureToOpenASession() throws Exception {
        server.greeting(turn -> turn.status(503));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.SERVER_ERROR, false));
        server.greeting(server::greet);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"protocolVersion\":\"1999-01-01\"}",
                "{\"protocolVersion\":\"2026-07-28\"}",
                "{\"protocolVersion\":20251125}"
            })
    void refusesARevisionThatItDoesNotSpeak(String greeting) {
        server.greeting(turn -> turn.result(greeting));
        assertThatThrownBy(() -> Await.one(upstream.probe()))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        fault ->
                                assertThat(fault.failure())
                                        .isEqualTo(UpstreamFailure.PROTOCOL_ERROR));
    }

    @Test
    void speaksTheOlderRevisionThatTheServerChose() throws Exception {
        server.greeting(turn -> turn.result("{\"protocolVersion\":\"2025-03-26\"}"));
        call();
        assertThat(server.received("tools/call").getFirst().header("Mcp-protocol-version"))
                .isEqualTo("2025-03-26");
    }

    /** B11: a header that names nothing is not there. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t \t", "|", "| |"})
    void takesABlankSessionIdForNone(String lines) throws Exception {
        server.greeting(turn -> {
            for (var line : lines.split("\\|", -1)) {
                turn.exchange().getResponseHeaders().add("Mcp-Session-Id", line);
            }
            server.greetWithoutSession(turn);
        });
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("tools/call").getFirst().headers())
                .doesNotContainKey("Mcp-session-id");
        upstream.close();
        assertThat(server.received("DELETE")).isEmpty();
    }

    @Test
    void refusesASessionIdThatIsNotVisibleAscii() throws Exception {
        server.greeting(turn -> {
            turn.header("Mcp-Session-Id", "two words");
            server.greetWithoutSession(turn);
        });
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, false));
    }

    @Test
    void waitsForASessionNoLongerThanTheCallMayTake() throws Exception {
        var over = new CountDownLatch(1);
        server.greeting(_ -> over.await(20, TimeUnit.SECONDS));
        var call = upstream.call(request("{}", Duration.ofMillis(300), 1_000));
        try {
            assertThat(call.toFuture())
                    .succeedsWithin(Duration.ofSeconds(5))
                    .isEqualTo(failed(UpstreamFailure.TIMED_OUT, false));
        } finally {
            over.countDown();
        }
    }

    @Test
    void endsAnotherSessionBeforeOpeningOneTooMany() throws Exception {
        for (int i = 0; i < 1_001; i++) {
            assertThat(callAs("principal-" + i)).isInstanceOf(UpstreamReply.Result.class);
        }
        assertThat(server.await("DELETE", 1)).hasSize(1);
    }

    @Test
    void endsItsSessionsWhenClosed() throws Exception {
        call();
        upstream.close();
        var farewell = server.await("DELETE", 1).getFirst();
        assertThat(farewell.header("Mcp-session-id")).isEqualTo("s-1");
        assertThat(farewell.header("Authorization")).isEqualTo("Bearer canary");
    }

    private List<String> methods() {
        return server.received().stream().map(Received::method).toList();
    }
}
