package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.Era;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressSettings;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** What becomes of a connection whose answers are streams. */
class StreamedConnectionTest {
    private static final String GREETING =
            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{}}";

    private final Set<SocketAddress> peers = ConcurrentHashMap.newKeySet();

    @Test
    @Timeout(30)
    void isUsedAgainOnceTheStreamHasEnded() throws Exception {
        var server = HttpServer.create().host("127.0.0.1").port(0).handle(this::answer).bindNow();
        try (var egress = EgressClients.open(EgressSettings.standard());
                var upstream =
                        McpUpstreams.connect(
                                egress, destination(server.port()), List.of(), Era.LEGACY)) {
            for (int i = 0; i < 50; i++) {
                var reply = Await.one(upstream.call(request()));
                assertThat(reply).isInstanceOf(UpstreamReply.Result.class);
            }
        } finally {
            server.disposeNow();
        }
        assertThat(peers).hasSizeLessThan(10); // a stream may end while the next call is dialling
    }

    private static Destination destination(int port) {
        var uri = URI.create("http://127.0.0.1:" + port + "/mcp");
        return new Destination(
                "acme/streams", uri, EgressTerms.allowing(List.of("127.0.0.1/32:" + port)), true);
    }

    private static UpstreamRequest request() {
        var params = "{}".getBytes(UTF_8);
        return new UpstreamRequest(
                "tools/call", params, Envelope.plain("ada"), Duration.ofSeconds(10), 100_000);
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        peers.add(Objects.requireNonNull(request.remoteAddress()));
        return request.receive().aggregate().asString().flatMap(body -> answer(body, response));
    }

    private static Mono<Void> answer(String body, HttpServerResponse response) {
        if (!body.contains("\"id\":")) {
            return response.status(202).send().then();
        }
        var id = body.replaceFirst(".*?\"id\":(\\d+).*", "$1");
        var result = body.contains("\"initialize\"") ? GREETING : "{}";
        var event = "data: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}\n\n";
        return response.header("content-type", "text/event-stream")
                .sendString(Flux.just(event))
                .then();
    }
}
