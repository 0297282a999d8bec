package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.egress.Destination;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One request, and everything that a server may make of it. */
class McpCallTest extends UpstreamTest {
    @Test
    void takesAnAnswerInJson() throws Exception {
        server.answering(turn -> turn.result("{\"n\":1.10}"));
        assertThat(call())
                .isInstanceOfSatisfying(
                        UpstreamReply.Result.class,
                        result -> {
                            assertThat(text(result)).isEqualTo("{\"n\":1.10}");
                            assertThat(result.size()).isGreaterThan(30);
                        });
    }

    @Test
    void takesAnAnswerAtTheEndOfAStream() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            stream.write(": welcome\n\nid: 1\ndata:\n\n".getBytes(UTF_8));
            turn.event(stream, notification("notifications/progress"));
            turn.event(stream, turn.response("{\"n\":1}"));
        });
        assertThat(resultOf(call())).isEqualTo("{\"n\":1}");
    }

    @Test
    void takesAnAnswerBeforeTheStreamEnds() throws Exception {
        var over = new CountDownLatch(1);
        server.answering(turn -> {
            turn.event(turn.stream(), turn.response("{}"));
            over.await(20, TimeUnit.SECONDS);
        });
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        over.countDown();
    }

    @Test
    void takesAnErrorOfTheServer() throws Exception {
        server.answering(
                turn -> json(turn, "\"error\":{\"code\":-32602,\"message\":\"no such tool\"}"));
        assertThat(call()).isEqualTo(new UpstreamReply.RpcError(-32602, "no such tool"));
    }

    @Test
    void sendsParametersByteForByte() throws Exception {
        var params = "{ \"b\":1.10,\t\"a\":\"\\u00e9é🙂\", \"n\":12345678901234567890.000 }";
        Await.one(upstream.call(request(params)));
        assertThat(server.received("tools/call").getFirst().text())
                .endsWith("\"params\":" + params + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"result\":{},\"error\":{\"code\":1,\"message\":\"x\"}",
                "\"result\":[]",
                "\"result\":null",
                "\"error\":{\"code\":1.5,\"message\":\"x\"}",
                "\"error\":{\"code\":99999999999,\"message\":\"x\"}",
                "\"error\":\"x\"",
                "\"method\":\"ping\""
            })
    void refusesWhatIsNoAnswer(String members) throws Exception {
        server.answering(turn -> json(turn, members));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @Test
    void refusesAnAnswerToAnotherRequest() throws Exception {
        server.answering(
                turn -> turn.body("application/json", bytes("{\"id\":999,\"result\":{}}")));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
        server.answering(turn ->
                turn.event(turn.stream(), "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":{}}"));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @Test
    void refusesABodyOfAnotherType() throws Exception {
        server.answering(turn -> turn.body("text/html", bytes("<p>hello")));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.NOT_JSON, true));
    }

    @Test
    void refusesAStreamThatEndsWithoutTheAnswer() throws Exception {
        server.answering(turn -> turn.event(turn.stream(), notification("notifications/message")));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsNoRedirect(int status) throws Exception {
        try (var trap = FakeMcpServer.start()) {
            server.answering(turn -> {
                turn.header("Location", "http://127.0.0.1:" + trap.port() + "/mcp");
                turn.status(status);
            });
            assertThat(call()).isEqualTo(failed(UpstreamFailure.REDIRECT, true));
            assertThat(trap.received()).isEmpty();
        }
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "202,HTTP_ERROR",
        "401,UNAUTHORISED",
        "403,UNAUTHORISED",
        "429,HTTP_ERROR",
        "500,SERVER_ERROR",
        "503,SERVER_ERROR"
    })
    void sendsNothingAgainAfterAnErrorStatus(int status, UpstreamFailure failure) throws Exception {
        server.answering(turn -> turn.status(status));
        assertThat(call()).isEqualTo(failed(failure, true));
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void readsNoMoreThanItMay() throws Exception {
        server.answering(turn -> turn.result("{\"t\":\"" + "x".repeat(5_000) + "\"}"));
        assertThat(limited(1_000))
                .isInstanceOfSatisfying(
                        UpstreamReply.TooLarge.class,
                        it -> {
                            assertThat(it.oversize().announced()).isTrue();
                            assertThat(it.oversize().bytes()).isGreaterThan(5_000);
                            assertThat(it.oversize().limit()).isEqualTo(1_000);
                        });
        assertThat(limited(10_000)).isInstanceOf(UpstreamReply.Result.class);
    }

    /** H1: what a server answers takes no event loop for long. */
    @Test
    void readsLongAnswersOnThreadsOfTheirOwn() throws Exception {
        var threads = new CopyOnWriteArrayList<String>();
        for (var size : new int[] {10, 200_000}) {
            server.answering(turn -> turn.result("{\"t\":\"" + "x".repeat(size) + "\"}"));
            readOn(threads);
            var late = "{\"t\":\"" + "x".repeat(size) + "\"}";
            server.answering(turn -> turn.event(turn.stream(), turn.response(late)));
            readOn(threads);
        }
        assertThat(threads.subList(0, 2)).noneMatch(it -> it.startsWith("long-answers"));
        assertThat(threads.subList(2, 4)).allMatch(it -> it.startsWith("long-answers"));
    }

    private void readOn(List<String> threads) throws InterruptedException {
        var call = upstream.call(request("{}", Duration.ofSeconds(10), 1_000_000));
        Await.one(call.doOnNext(_ -> threads.add(Thread.currentThread().getName())));
    }

    /** R12. */
    @Test
    void tellsAnAnswerThatIsTooLargeFromWhatCameBeforeIt() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            turn.event(stream, notification("notifications/message"));
            turn.event(stream, turn.response("{\"t\":\"" + "x".repeat(200_000) + "\"}"));
        });
        assertThat(limited(100_000))
                .isInstanceOfSatisfying(
                        UpstreamReply.TooLarge.class,
                        it -> assertThat(it.oversize().limit()).isEqualTo(100_000));
    }

    @Test
    void readsNoMoreOfAStreamThanItMay() throws Exception {
        server.answering(turn -> {
            var stream = turn.stream();
            while (true) {
                turn.event(stream, notification("notifications/message"));
            }
        });
        assertThat(limited(10_000)).isEqualTo(failed(UpstreamFailure.RESPONSE_TOO_LARGE, true));
    }

    @Test
    void holdsARefusedConnectionForNotSent() throws Exception {
        server.close();
        assertThat(call()).isEqualTo(failed(UpstreamFailure.UNREACHABLE, false));
    }

    @Test
    void holdsAConnectionRefusedWithinASessionForNotSent() throws Exception {
        server.closingConnections();
        call();
        server.close();
        assertThat(call()).isEqualTo(failed(UpstreamFailure.UNREACHABLE, false));
    }

    @Test
    void holdsAConnectionThatWasCutForSentAndSendsOnce() throws Exception {
        server.answering(Turn::cut);
        assertThat(call()).isEqualTo(failed(UpstreamFailure.UNREACHABLE, true));
        server.answering(turn -> {
            turn.event(turn.stream(), notification("notifications/message"));
            turn.cut();
        });
        assertThat(call()).matches(it -> it instanceof UpstreamReply.Failed(_, var sent) && sent);
        assertThat(server.received("tools/call")).hasSize(2);
    }

    @Test
    void holdsARefusedDestinationForNotSent() throws Exception {
        var refused =
                new Destination("acme/fake", server.destination().uri(), EgressTerms.NONE, true);
        try (var other = McpUpstreams.connect(egress, refused, List.of(), Era.LEGACY)) {
            assertThat(Await.one(other.call(request("{}"))))
                    .isEqualTo(failed(UpstreamFailure.EGRESS_DENIED, false));
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void endsSilenceAtTheTimeout() throws Exception {
        call();
        var over = new CountDownLatch(1);
        server.answering(_ -> over.await(20, TimeUnit.SECONDS));
        assertThat(brief()).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        over.countDown();
    }

    @Test
    void endsCommentsThatNeverEndAtTheTimeout() throws Exception {
        call();
        var over = new CountDownLatch(1);
        server.answering(turn -> {
            var stream = turn.stream();
            while (!over.await(10, TimeUnit.MILLISECONDS)) {
                stream.write(bytes(": still here\n\n"));
                stream.flush();
            }
        });
        assertThat(brief()).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        over.countDown();
    }

    @Test
    void answersAPingAndOffersNothingElse() throws Exception {
        server.answering(this::wish);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        var replies = server.received("response");
        assertThat(replies.getFirst().text())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":{},\"id\":\"p\"}");
        assertThat(replies.subList(1, 3))
                .allSatisfy(it -> assertThat(it.tree().at("/error/code").asInt()).isEqualTo(-32601))
                .allSatisfy(it -> assertThat(it.tree().path("id").asInt()).isEqualTo(7))
                .allSatisfy(it -> assertThat(it.header("Mcp-session-id")).isEqualTo("s-1"));
    }

    /** Asks for three things and answers when all are replied to. */
    private void wish(Turn turn) throws Exception {
        var stream = turn.stream();
        turn.event(stream, "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
        for (var wish : List.of("sampling/createMessage", "roots/list")) {
            turn.event(stream, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + wish + "\"}");
        }
        server.await("response", 3);
        turn.event(stream, turn.response("{}"));
    }

    @Test
    void tellsTheServerOfACancellation() throws Exception {
        var over = new CountDownLatch(1);
        server.answering(_ -> over.await(20, TimeUnit.SECONDS));
        var running = upstream.call(request("{}")).toFuture();
        var call = server.await("tools/call", 1).getFirst().tree();
        running.cancel(true);
        var told = server.await("notifications/cancelled", 1).getFirst();
        assertThat(told.tree().at("/params/requestId")).isEqualTo(call.path("id"));
        assertThat(told.header("Mcp-session-id")).isEqualTo("s-1");
        over.countDown();
    }

    @Test
    void tellsTheServerWhenItsTimeIsOver() throws Exception {
        call();
        var over = new CountDownLatch(1);
        server.answering(_ -> over.await(20, TimeUnit.SECONDS));
        assertThat(brief()).isEqualTo(failed(UpstreamFailure.TIMED_OUT, true));
        var told = server.await("notifications/cancelled", 1).getFirst();
        var late = server.received("tools/call").getLast();
        assertThat(told.tree().at("/params/requestId")).isEqualTo(late.tree().path("id"));
        over.countDown();
    }

    @Test
    void tellsNothingOfACancellationWhenTheCallIsOver() throws Exception {
        call();
        upstream.close();
        server.await("DELETE", 1);
        assertThat(server.received("notifications/cancelled")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverCrossesTheAnswersOfParallelCalls(boolean streamed) throws Exception {
        call();
        var order = new ReversedOrder(50);
        server.answering(turn -> echo(turn, order, streamed));
        var calls = Flux.range(0, 50).flatMap(this::numbered, 50).collectList();
        assertThat(Await.one(calls)).hasSize(50).allMatch(Boolean::booleanValue);
        var ids = server.received("tools/call").stream().map(it -> it.tree().path("id").asLong());
        assertThat(ids.toList()).doesNotHaveDuplicates();
    }

    private Mono<Boolean> numbered(int number) {
        return upstream.call(request("{\"n\":" + number + "}"))
                .map(reply -> resultOf(reply).equals("{\"echo\":" + number + "}"));
    }

    private static void echo(Turn turn, ReversedOrder order, boolean streamed) throws Exception {
        var number = turn.request().tree().at("/params/n").asInt();
        order.await(number);
        var result = "{\"echo\":" + number + "}";
        if (streamed) {
            turn.event(turn.stream(), turn.response(result));
        } else {
            turn.result(result);
        }
        order.done(number);
    }

    /** The last that came is answered first, and nothing before all have come. */
    private static final class ReversedOrder {
        private final List<CountDownLatch> answered;
        private final CountDownLatch come;

        ReversedOrder(int count) {
            answered = IntStream.range(0, count).mapToObj(_ -> new CountDownLatch(1)).toList();
            come = new CountDownLatch(count);
        }

        void await(int number) throws InterruptedException {
            come.countDown();
            var turn = number + 1 < answered.size() ? answered.get(number + 1) : come;
            assertThat(come.await(15, TimeUnit.SECONDS)).isTrue();
            assertThat(turn.await(15, TimeUnit.SECONDS)).isTrue();
        }

        void done(int number) {
            answered.get(number).countDown();
        }
    }

    private UpstreamReply limited(long maxBytes) throws InterruptedException {
        return Await.one(upstream.call(request("{}", Duration.ofSeconds(10), maxBytes)));
    }

    private UpstreamReply brief() throws InterruptedException {
        return Await.one(upstream.call(request("{}", Duration.ofMillis(300), 10_000_000)));
    }

    private static void json(Turn turn, String members) throws IOException {
        var text = "{\"jsonrpc\":\"2.0\",\"id\":" + turn.id() + "," + members + "}";
        turn.body("application/json", bytes(text));
    }

    private static String notification(String method) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{}}";
    }

    private static String resultOf(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Result result ? text(result) : reply.toString();
    }

    private static String text(UpstreamReply.Result result) {
        return io.sallyport.catalog.JsonText.text(result.result());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
