package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bridge.FakeMcpServer.Behaviour;
import io.sallyport.bridge.FakeMcpServer.Turn;
import io.sallyport.catalog.Era;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** How it is found out which era a server speaks. */
class EraTest extends UpstreamTest {
    @BeforeEach
    void connectToAnyEra() {
        upstream =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), Era.AUTO);
    }

    private static void modern(Turn turn) throws IOException {
        turn.result("{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}");
    }

    /** A server that knows sessions only and refuses every other request with {@code refusal}. */
    private static Behaviour legacy(Behaviour refusal) {
        return turn -> {
            if (turn.request().method().equals("server/discover")) {
                refusal.answer(turn);
            } else {
                turn.result("{}");
            }
        };
    }

    @Test
    void asksForTheNewerEraFirstAndNeverWithACall() throws Exception {
        server.answering(EraTest::modern);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(Await.one(upstream.probe()).era()).isEqualTo(Era.MODERN);
        assertThat(methods()).startsWith("server/discover", "tools/call");
        assertThat(server.received("initialize")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"x\"}}",
                "400 <p>",
                "404 {}",
                "405 {}",
                "406 {}",
                "500 {}",
                "200 {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"x\"}}",
                "200 {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":[\"2025-11-25\"]}}",
                "400 {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":\"x\","
                        + "\"data\":{\"supported\":[\"2025-11-25\"]}}}"
            })
    void fallsBackToTheOlderEra(String refusal) throws Exception {
        int status = Integer.parseInt(refusal.substring(0, 3));
        var body = refusal.substring(4).getBytes(UTF_8);
        server.answering(legacy(turn -> turn.body(status, "application/json", body)));
        assertThat(Await.one(upstream.probe()).era()).isEqualTo(Era.LEGACY);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("server/discover")).hasSize(1);
        assertThat(server.received("tools/call").getFirst().header("Mcp-session-id")).isNotEmpty();
    }

    @Test
    void staysInTheNewerEraWhenOnlyItsServersRefuseLikeThat() throws Exception {
        server.answering(turn -> {
            var error = "\"error\":{\"code\":-32021,\"message\":\"x\",\"data\":{}}}";
            var body = "{\"jsonrpc\":\"2.0\",\"id\":" + turn.id() + "," + error;
            turn.body(400, "application/json", body.getBytes(UTF_8));
        });
        assertThat(call()).isInstanceOf(UpstreamReply.RpcError.class);
        assertThat(server.received("initialize")).isEmpty();
    }

    @Test
    void asksOnceHoweverManyCall() throws Exception {
        server.answering(EraTest::modern);
        var calls = Flux.range(0, 20).flatMap(_ -> upstream.call(request("{}")), 20);
        assertThat(Await.one(calls.collectList()))
                .hasOnlyElementsOfType(UpstreamReply.Result.class);
        assertThat(server.received("server/discover")).hasSize(1);
    }

    @Test
    void asksAgainWhenTheServerWentBack() throws Exception {
        server.answering(EraTest::modern);
        call();
        server.answering(turn -> {
            if (turn.request().header("Mcp-session-id").isEmpty()) {
                unsupported(turn);
            } else {
                turn.result("{}");
            }
        });
        assertThat(call()).isEqualTo(failed(UpstreamFailure.DECLINED, true));
        assertThat(server.received("tools/call")).as("H8: none is sent twice").hasSize(2);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received().getLast().header("Mcp-session-id")).isEqualTo("s-2");
    }

    private static void unsupported(Turn turn) throws IOException {
        var error = "\"error\":{\"code\":-32022,\"message\":\"x\",\"data\":{\"supported\":[]}}}";
        var body = "{\"jsonrpc\":\"2.0\",\"id\":" + turn.id() + "," + error;
        turn.body(400, "application/json", body.getBytes(UTF_8));
    }

    @Test
    void asksAgainWhenTheServerKnowsNoSessionsAnyMore() throws Exception {
        server.answering(legacy(turn -> turn.status(400)));
        call();
        server.greeting(turn -> turn.status(404))
                .answering(turn -> {
                    if (turn.request().header("Mcp-session-id").isEmpty()) {
                        modern(turn);
                    } else {
                        turn.status(404);
                    }
                });
        assertThat(call()).isEqualTo(failed(UpstreamFailure.DECLINED, true));
        assertThat(server.received("tools/call")).as("H8: none is sent twice").hasSize(2);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        assertThat(Await.one(upstream.probe()).era()).isEqualTo(Era.MODERN);
    }

    @Test
    void asksAgainWhenNoSessionCanBeOpenedForACallThatHasNotLeft() throws Exception {
        server.answering(legacy(turn -> turn.status(400)));
        Await.one(upstream.probe());
        server.greeting(turn -> turn.status(404)).answering(EraTest::modern);
        assertThat(Await.one(upstream.call(request(Envelope.plain("bob")))))
                .isInstanceOf(UpstreamReply.Result.class);
        assertThat(server.received("tools/call")).hasSize(1);
    }

    @Test
    void remembersNothingOfAServerThatIsDown() throws Exception {
        server.closingConnections()
                .greeting(turn -> turn.status(503))
                .answering(turn -> turn.status(503));
        assertThat(call()).isEqualTo(failed(UpstreamFailure.SERVER_ERROR, false));
        assertThatThrownBy(() -> Await.one(upstream.probe())).isInstanceOf(UpstreamException.class);
        server.answering(EraTest::modern);
        assertThat(call()).isInstanceOf(UpstreamReply.Result.class);
        server.close();
        var other = McpUpstreams.connect(egress, server.destination(), List.of(), Era.AUTO);
        assertThat(Await.one(other.call(request("{}"))))
                .isEqualTo(failed(UpstreamFailure.UNREACHABLE, false));
    }

    private List<String> methods() {
        return server.received().stream().map(FakeMcpServer.Received::method).toList();
    }
}
