package io.sallyport.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.catalog.Era;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

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
        egress = EgressClient.open(EgressSettings.standard());
        upstream =
                McpUpstream.connect(egress, server.destination(), List.of(CREDENTIAL), Era.LEGACY);
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

    UpstreamReply call() throws InterruptedException {
        return Await.one(upstream.call(request("{}")));
    }

    static UpstreamReply.Failed failed(UpstreamFailure failure, boolean sent) {
        return new UpstreamReply.Failed(failure, sent);
    }
}
