package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassThroughTest {
    private static final String COMPLETION =
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,\
            "model":"big-model-2026","choices":[{"index":0,"message":{"role":"assistant",\
            "content":"Hi","refusal":null},"logprobs":null,"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}\
            """;
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]%s}";
    private static final String STREAM =
            event(CHUNK.formatted("{\"role\":\"assistant\",\"content\":\"Grüß\"}", "null", ""))
                    + event(CHUNK.formatted("{\"content\":\" dich\"}", "null", ""))
                    + event(CHUNK.formatted("{}", "\"stop\"", ""))
                    + event("[DONE]");
    private static final String SECRETS = "org-Abc123 sk-proj-veryLongKey rate limit";

    private static String event(String payload) {
        return "data: " + payload + "\n\n";
    }

    private static ChatServer server(RawProvider provider) {
        return ChatServer.of(Tenant.at(provider.endpoint()));
    }

    @Test
    void theAnswerIsTheProvidersUnchanged() throws Exception {
        try (var provider = RawProvider.answeringJson(COMPLETION);
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", ""));

            assertThat(answer.body()).isEqualTo(COMPLETION);
            assertThat(answer.header("x-sallyport-run-id"))
                    .isEqualTo(server.records.nextStart().run());
            var end = server.records.nextEnd();
            assertThat(end.status()).isEqualTo("ok");
            assertThat(end.promptTokens()).isEqualTo(3);
        }
    }

    /** It is read on other threads than a small one. */
    @Test
    void aLargeAnswerIsTheProvidersUnchanged() throws Exception {
        var large = COMPLETION.replace("Hi", "x".repeat(300 * 1024));
        try (var provider = RawProvider.answeringJson(large);
                var server = server(provider)) {
            assertThat(server.chat(Bodies.ask("plain", "")).body()).isEqualTo(large);
            assertThat(server.records.nextEnd().status()).isEqualTo("ok");
        }
    }

    @Test
    void unknownMembersSurviveBothWays() throws Exception {
        var odd = COMPLETION.replaceFirst("\\{", "{\"extra_content\":{\"n\":1.10},");
        var provider = RawProvider.answeringJson(odd);
        try (provider;
                var server = server(provider)) {
            var request = Bodies.ask("plain", "\"future\":{\"x\":[1.10,1e2]}");
            var response =
                    server.send(
                            server.request("/chat/completions")
                                    .POST(BodyPublishers.ofString(request))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(response.body()).isEqualTo(odd);
            assertThat(provider.nextRequest()).isEqualTo(request.replace("plain", "big-model"));
        }
    }

    @Test
    void aStreamIsRelayedEventByEvent() throws Exception {
        try (var provider = RawProvider.streaming(STREAM);
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", "\"stream\":true"));

            assertThat(answer.body()).isEqualTo(STREAM);
            assertThat(server.records.nextEnd().status()).isEqualTo("ok");
        }
    }

    @Test
    void eventsLeaveWhenTheyArrive() throws Exception {
        var seen = new CountDownLatch(1);
        var provider =
                RawProvider.behaving(exchange -> {
                    begin(exchange);
                    seen.await(10, TimeUnit.SECONDS);
                    write(exchange, STREAM.substring(STREAM.indexOf("data: [DONE]")));
                });
        try (provider;
                var server = server(provider)) {
            try (var client = new RawClient(server.url())) {
                client.post("/chat/completions", Bodies.ask("plain", "\"stream\":true"));
                client.readUntil("first");
                seen.countDown();
                client.readUntil("[DONE]");
            }
        }
    }

    private static void begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        write(
                exchange,
                event(
                        CHUNK.formatted(
                                "{\"role\":\"assistant\",\"content\":\"first\"}", "null", "")));
    }

    private static void write(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void writeUntilGone(HttpExchange exchange, CountDownLatch gone)
            throws IOException {
        begin(exchange);
        try {
            while (true) {
                write(exchange, ": more\n\n".repeat(200));
            }
        } catch (IOException e) {
            gone.countDown();
        }
    }

    @Test
    @DisplayName("CL-07: the client's leaving ends the provider call at once")
    void theClientLeaves() throws Exception {
        var gone = new CountDownLatch(1);
        var provider = RawProvider.behaving(exchange -> writeUntilGone(exchange, gone));
        try (provider;
                var server = server(provider)) {
            try (var client = new RawClient(server.url())) {
                client.post("/chat/completions", Bodies.ask("plain", "\"stream\":true"));
                client.readUntil("first");
            }
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.records.nextEnd().status()).isEqualTo("client_gone");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 400, invalid_request, invalid_request_error",
        "401, 502, upstream_auth_error, server_error",
        "403, 502, upstream_auth_error, server_error",
        "404, 404, upstream_error, not_found_error",
        "422, 422, invalid_request, invalid_request_error",
        "429, 429, rate_limited, rate_limit_error",
        "500, 502, upstream_error, server_error",
        "503, 502, upstream_error, server_error",
        "302, 502, upstream_error, server_error"
    })
    @DisplayName("CL-13: provider errors are mapped and tell no keys and ids of what they say")
    void providerErrorsAreMapped(int theirs, int ours, String code, String type) throws Exception {
        for (var mode : new String[] {"", "\"stream\":true"}) {
            var body = "{\"error\":{\"message\":\"" + SECRETS + "\"}}";
            try (var provider = RawProvider.answering(theirs, "application/json", body);
                    var server = server(provider)) {
                var answer = server.chat(Bodies.ask("plain", mode));

                assertThat(answer.status()).isEqualTo(ours);
                assertThat(answer.errorCode()).isEqualTo(code);
                assertThat(answer.json().path("error").path("type").asString()).isEqualTo(type);
                assertThat(answer.body()).doesNotContain("org-", "sk-", "provider-key");
                assertThat(answer.header("retry-after")).isEqualTo(theirs == 429 ? "7" : "");
                var end = server.records.nextEnd();
                assertThat(end.status()).isEqualTo("failed");
                assertThat(end.cause()).isEqualTo(code);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{\"a\":1,\"a\":2}"})
    void anAnswerThatIsNoJsonObjectIsAProtocolError(String body) throws Exception {
        try (var provider = RawProvider.answeringJson(body);
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", ""));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.errorCode()).isEqualTo("upstream_protocol_error");
        }
    }

    @Test
    @DisplayName("CL-13: an error in a body with status 200 is an error")
    void anErrorWithStatus200() throws Exception {
        try (var provider =
                        RawProvider.answeringJson("{\"error\":{\"message\":\"" + SECRETS + "\"}}");
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", ""));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).doesNotContain("org-");
        }
    }

    @Test
    void aProviderThatCannotBeReachedIsA502() throws Exception {
        var provider = RawProvider.answeringJson("{}");
        provider.close();
        try (provider;
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", ""));

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).doesNotContain("127.0.0.1", "refused");
        }
    }

    @Test
    @DisplayName("CL-13: an error in the middle of a stream is the last event and tells no ids")
    void aMidStreamErrorIsRewrapped() throws Exception {
        var broken =
                STREAM.substring(0, STREAM.indexOf("data: {", 10))
                        + event("{\"error\":{\"message\":\"" + SECRETS + "\"}}")
                        + event("[DONE]");
        try (var provider = RawProvider.streaming(broken);
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", "\"stream\":true"));

            assertThat(answer.errorCode()).isEqualTo("upstream_error");
            assertThat(answer.body()).doesNotContain("org-", "[DONE]");
            assertThat(server.records.nextEnd().status()).isEqualTo("failed");
            assertThat(server.records.moreEnds()).isZero();
        }
    }

    @Test
    void aStreamThatIsCutDoesNotLookWhole() throws Exception {
        try (var provider =
                        RawProvider.streaming(STREAM.substring(0, STREAM.lastIndexOf("data: {")));
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", "\"stream\":true"));

            assertThat(answer.errorCode()).isEqualTo("upstream_error");
            assertThat(server.records.nextEnd().status()).isEqualTo("failed");
        }
    }

    /** A7: a connection that closes behind the finish has said everything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data:  [DONE] ",
                "data: [DONE]",
                "data: [DONE]\r\n",
                ": end",
                "data: {"
            })
    void aStreamThatClosesBehindItsFinishIsWhole(String end) throws Exception {
        var odd = STREAM.substring(0, STREAM.indexOf("data: [DONE]")) + end;
        try (var provider = RawProvider.streaming(odd);
                var server = server(provider)) {
            var answer = server.chat(Bodies.ask("plain", "\"stream\":true"));

            assertThat(answer.body()).isEqualTo(STREAM);
            assertThat(server.records.nextEnd().status()).isEqualTo("ok");
        }
    }

    /** A7: with several choices each has an end of its own. */
    @Test
    void aStreamOfTwoChoicesNeedsTwoEnds() throws Exception {
        var first = STREAM.substring(0, STREAM.indexOf("data: [DONE]"));
        var second = first.replace("\"index\":0", "\"index\":1");
        for (var stream : List.of(first, first + second)) {
            try (var provider = RawProvider.streaming(stream);
                    var server = server(provider)) {
                var response =
                        server.send(
                                server.request("/chat/completions")
                                        .POST(
                                                BodyPublishers.ofString(
                                                        Bodies.ask(
                                                                "plain",
                                                                "\"stream\":true,\"n\":2")))
                                        .build(),
                                BodyHandlers.ofString());
                assertThat(response.body().contains("[DONE]")).isEqualTo(stream.length() > 500);
            }
        }
    }

    @Test
    void textThatOnlyLooksLikeAnErrorIsRelayed() throws Exception {
        var text = STREAM.replace(" dich", " \\\"error\\\":1");
        try (var provider = RawProvider.streaming(text);
                var server = server(provider)) {
            assertThat(server.chat(Bodies.ask("plain", "\"stream\":true")).body()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"stream\":true"})
    void nothingLeavesBeforeTheStartIsRecorded(String mode) throws Exception {
        var body = mode.isEmpty() ? COMPLETION : STREAM;
        var type = mode.isEmpty() ? "application/json" : "text/event-stream";
        try (var provider = RawProvider.answering(200, type, body);
                var server = server(provider)) {
            server.records.start = CompletableFuture.completedFuture(false);
            var answer = server.chat(Bodies.ask("plain", mode));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.errorCode()).isEqualTo("audit_unavailable");
            assertThat(answer.body()).doesNotContain("Hi", "Gr");
        }
    }

    @Test
    void theProviderIsAskedWhileTheStartIsBeingRecorded() throws Exception {
        var provider = RawProvider.answeringJson(COMPLETION);
        try (provider;
                var server = server(provider)) {
            var recorded = new CompletableFuture<Boolean>();
            server.records.start = recorded;
            Thread.ofVirtual().start(() -> completeAfterRequest(provider, recorded));

            assertThat(server.chat(Bodies.ask("plain", "")).status()).isEqualTo(200);
        }
    }

    private static void completeAfterRequest(
            RawProvider provider, CompletableFuture<Boolean> recorded) {
        try {
            provider.nextRequest();
            recorded.complete(true);
        } catch (InterruptedException e) {
            recorded.complete(false);
        }
    }

    @Test
    void aWholeAnswerWhoseEndIsNotRecordedIsWithheld() throws Exception {
        try (var provider = RawProvider.answeringJson(COMPLETION);
                var server = server(provider)) {
            server.records.end = CompletableFuture.completedFuture(false);
            assertThat(server.chat(Bodies.ask("plain", "")).status()).isEqualTo(503);
        }
    }

    @Test
    void aStreamWhoseEndIsNotRecordedHasNoEnd() throws Exception {
        try (var provider = RawProvider.streaming(STREAM);
                var server = server(provider)) {
            server.records.end = CompletableFuture.completedFuture(false);
            var answer = server.chat(Bodies.ask("plain", "\"stream\":true"));

            assertThat(answer.errorCode()).isEqualTo("audit_unavailable");
            assertThat(server.records.nextEnd().status()).isEqualTo("ok");
            assertThat(server.records.moreEnds()).isZero();
        }
    }
}
