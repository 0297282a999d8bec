package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A request may arrive while the one before it is still being answered. It waits, and whatever it
 * is answered with, the connection goes on afterwards.
 */
@ExtendWith(GatewayExtension.class)
class WaitingRequestTest {
    /** How each of them ends is a matter of timing: without care, more than half of them hung. */
    private static final int CONNECTIONS = 10;

    private final RunningGateway gateway;

    WaitingRequestTest(RunningGateway gateway) {
        this.gateway = gateway;
    }

    /** All but the last are answered at once, without a look at the rest of the request. */
    @ParameterizedTest
    @CsvSource({
        "GET,    /livez,         nobody,  200",
        "GET,    /admin/v1/keys, nobody,  401",
        "POST,   /mcp,           nobody,  401",
        "GET,    /admin/v1/keys, agent,   403",
        "GET,    /nonsense,      agent,   404",
        "DELETE, /mcp,           agent,   400",
        "GET,    /v1/models,     agent,   200",
        "GET,    /admin/v1/keys, admin,   200"
    })
    void theConnectionGoesOnAfterARequestThatWaited(
            String method, String path, String kind, int status) throws IOException {
        var first = request("GET", "/admin/v1/keys", key("admin"));
        var waiting = request(method, path, key(kind));

        for (int i = 0; i < CONNECTIONS; i++) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.setSoTimeout(10_000);
                send(socket, first + waiting);
                assertThat(status(socket.getInputStream())).isEqualTo(200);
                assertThat(status(socket.getInputStream())).isEqualTo(status);
                send(socket, first);
                assertThat(status(socket.getInputStream())).isEqualTo(200);
            }
        }
    }

    private int port() {
        return gateway.url().getPort();
    }

    private String key(String kind) {
        var keys = gateway.gateway().devKeys().orElseThrow();
        return switch (kind) {
            case "admin" -> keys.admin();
            case "agent" -> keys.agent();
            default -> "nonsense";
        };
    }

    private static String request(String method, String path, String key) {
        return "%s %s HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer %s\r\n\r\n"
                .formatted(method, path, key);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads one answer, which stays on the connection, and tells its status. */
    private static int status(InputStream in) throws IOException {
        var start = line(in);
        var length = 0;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            assertThat(header).isNotEqualTo("connection: close");
            if (header.startsWith("content-length: ")) {
                length = Integer.parseInt(header.substring("content-length: ".length()));
            }
        }
        in.skipNBytes(length);
        return Integer.parseInt(start.split(" ")[1]);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the gateway closed the connection");
            }
            line.append((char) next);
        }
        return line.toString().strip().toLowerCase(Locale.ROOT);
    }
}
