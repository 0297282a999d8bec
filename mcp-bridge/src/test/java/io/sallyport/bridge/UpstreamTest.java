package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.catalog.Era;
import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressClients;
import io.sallyport.egress.EgressSettings;
import io.sallyport.egress.Header;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import io.sallyport.upstream.session.SessionUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** An upstream and the server behind it, for each test its own. */
@Timeout(30)
abstract class UpstreamTest {
    static final Header CREDENTIAL = new Header("authorization", "Bearer canary");

    FakeMcpServer server;
    EgressClient egress;
    McpUpstream upstream;

    @BeforeEach
    void connect() throws Exception {
        server = FakeMcpServer.start();
        egress = EgressClients.open(EgressSettings.standard());
        upstream =
                McpUpstreams.connect(egress, server.destination(), List.of(CREDENTIAL), Era.LEGACY);
    }

    @AfterEach
    void disconnect() throws Exception {
        egress.close();
        server.close();
    }

    static UpstreamRequest request(String params) {
        return request(params, Duration.ofSeconds(10), 100_000);
    }

    static UpstreamRequest request(String params, Duration timeout, long maxBytes) {
        return new UpstreamRequest(
                "tools/call", params.getBytes(UTF_8), Envelope.plain("ada"), timeout, maxBytes);
    }

    /** A tools/call of Ada's with an envelope of its own. */
    static UpstreamRequest request(Envelope envelope) {
        return request(envelope, Duration.ofSeconds(10));
    }

    static UpstreamRequest request(Envelope envelope, Duration timeout) {
        return new UpstreamRequest("tools/call", "{}".getBytes(UTF_8), envelope, timeout, 100_000);
    }

    static Envelope envelope(String capabilities, UpstreamListener listener) {
        return new Envelope(
                "ada",
                Optional.empty(),
                json(capabilities),
                true,
                Optional.empty(),
                List.of(),
                listener,
                Optional.empty());
    }

    static Envelope logging(String level, UpstreamListener listener) {
        return new Envelope(
                "ada",
                Optional.empty(),
                json("{}"),
                false,
                Optional.of(level),
                List.of(),
                listener,
                Optional.empty());
    }

    static Envelope continued(Continuation continuation, String responses) {
        return new Envelope(
                "ada",
                Optional.empty(),
                json("{}"),
                false,
                Optional.empty(),
                List.of(),
                UpstreamListener.SILENT,
                Optional.of(new Continued(continuation, json(responses), "here")));
    }

    /** The result as JSON, or what there is in place of one. */
    static String text(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Result result
                ? JsonText.text(result.result())
                : reply.toString();
    }

    static JsonNode json(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJson e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a server that never answers. */
    static void passTime(Duration time) throws Exception {
        try (var silent = FakeMcpServer.start();
                var egress = EgressClients.open(EgressSettings.standard());
                var other = new SessionUpstream(egress, silent.destination(), List.of())) {
            silent.greeting(_ -> new CountDownLatch(1).await(20, TimeUnit.SECONDS));
            Await.one(other.call(request("{}", time, 1_000)));
        }
    }

    UpstreamReply call() throws InterruptedException {
        return Await.one(upstream.call(request("{}")));
    }

    static UpstreamReply.Failed failed(UpstreamFailure failure, boolean sent) {
        return new UpstreamReply.Failed(failure, sent);
    }
}
