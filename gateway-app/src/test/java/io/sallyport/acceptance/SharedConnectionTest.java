package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Refused, unknown, wrong method, and routes that never look at a body. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /mcp nobody",
                "POST /nonsense agent",
                "GET /mcp agent",
                "DELETE /mcp agent",
                "GET /v1/models agent",
                "GET /livez nobody"
            })
    void aConnectionWhoseBodyNeverCameIsClosed(String request) throws IOException {
        var words = request.split(" ", 3);
        var key = words[2].equals("agent") ? gateway.newTenant("slow").agent() : "nonsense";
        var head =
                "%s %s HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer %s\r\n"
                                .formatted(words[0], words[1], key)
                        + "content-length: 10\r\n\r\n";

        assertThat(answerTo(head).toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 ")
                .contains("connection: close");
    }

    /** Everything that comes until the gateway closes the connection. */
    private String answerTo(String head) throws IOException {
        var port = gateway.url().getPort();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
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
