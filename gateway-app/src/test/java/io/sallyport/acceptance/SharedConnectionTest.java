package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one request does to its connection must not be the next one's trouble. */
@ExtendWith(GatewayExtension.class)
class SharedConnectionTest {
    /** Without care about one in fifty hung, and its client waited for a minute. */
    private static final int PAIRS = 250;

    private final RunningGateway gateway;

    SharedConnectionTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    @Test
    void aRefusedBodyIsNotTakenForTheNextRequests() {
        var refused = Ask.post("/mcp", "{\"a\":\"" + "x".repeat(200) + "\"}").bearer("nonsense");
        var next = Ask.get("/admin/v1/keys").bearer(gateway.platformKey());

        for (int pair = 0; pair < PAIRS; pair++) {
            assertThat(gateway.send(refused).status()).isEqualTo(401);
            assertThat(gateway.send(next).status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyOfTheWrongTypeIsNotTakenForTheNextRequests() {
        var tenant = gateway.newTenant("connection");
        var key = tenant.agent();
        var wrong =
                Ask.post("/mcp", "y".repeat(5_000)).bearer(key).with("content-type", "text/plain");

        for (int pair = 0; pair < PAIRS / 5; pair++) {
            assertThat(gateway.send(wrong).status()).isEqualTo(415);
            assertThat(McpSession.open(gateway.http(), key).toolNames()).isEmpty();
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        var key = gateway.newTenant("large").agent();
        var large = "{\"x\":\"" + "x".repeat(1024 * 1024) + "\"}";

        assertThat(gateway.send(Ask.post("/mcp", large).bearer(key)).status()).isEqualTo(413);
        assertThat(gateway.send(Ask.get("/v1/models").bearer(key)).status()).isEqualTo(200);
    }
}
