package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.cli.GatewayContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bodies that are announced and do not come take nothing of others. */
@ExtendWith(GatewayExtension.class)
class IdleBodiesTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final List<Integer> SMALL = List.of(160_000, 20_000, 2_000, 200, 40);

    private final RunningGateway gateway;
    private final ByteBudget budget;
    private final List<Socket> idle = new ArrayList<>();

    IdleBodiesTest(RunningGateway gateway) {
        this.gateway = gateway;
        budget = GatewayContext.of(gateway.gateway()).getBean(ByteBudget.class);
    }

    @AfterEach
    void leave() throws IOException {
        for (var socket : idle) {
            socket.close();
        }
        assertNothingIsHeld();
    }

    @Test
    void strangersTakeNothing() throws IOException {
        var caller = McpSession.open(gateway.http(), gateway.newTenant("quiet").agent());
        for (int address = 2; address <= 5; address++) {
            for (int count = 0; count < largeOnesThatFill(4); count++) {
                announce("127.0.0." + address, "/livez", "Content-Length: " + MEBIBYTE);
            }
            for (var size : SMALL) {
                for (int count = 0; count < 10; count++) {
                    announce("127.0.0." + address, "/readyz", "Content-Length: " + size);
                }
            }
            announce("127.0.0." + address, "/livez", "Transfer-Encoding: chunked");
        }
        assertAnswered(caller);
        assertNothingIsHeld();
    }

    /**
     * For as long as the sockets stay open; lists of servers that are read meanwhile come and go.
     */
    private void assertNothingIsHeld() {
        await().untilAsserted(() -> assertThat(budget.held()).isZero());
    }

    /** A stranger is told by the headers alone; before, it was asked for the body. */
    @Test
    void nobodyIsAskedForABodyWithoutAKey() throws IOException {
        for (var path : List.of("/livez", "/readyz", "/.well-known/oauth-protected-resource")) {
            var socket = announce("127.0.0.1", path, "Content-Length: 10\r\nExpect: 100-continue");
            assertThat(status(socket)).as(path).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void keysOfOtherTenantsTakeNothing() throws IOException {
        var caller = McpSession.open(gateway.http(), gateway.newTenant("quiet").agent());
        for (var name : List.of("loud", "louder")) {
            var tenant = gateway.newTenant(name);
            announceAll(tenant.key("user:eve", "agent"));
            announceAll(tenant.key("user:mallory", "agent"));
        }
        assertNothingIsHeld();
        assertAnswered(caller);
    }

    /** Until not even the smallest is wanted any more. */
    private void announceAll(String key) throws IOException {
        var more = "Expect: 100-continue\r\nAuthorization: Bearer " + key + "\r\nContent-Length: ";
        int refused = 0;
        for (int size = 20 * MEBIBYTE; size > 100_000; size /= 2) {
            for (int code = 100; code == 100; ) {
                code = status(announce("127.0.0.1", "/v1/chat/completions", more + size));
                refused += code == 503 ? 1 : 0;
            }
        }
        assertThat(refused).isPositive();
    }

    private static long largeOnesThatFill(int parts) {
        return Runtime.getRuntime().maxMemory() / 3 / (3L * MEBIBYTE) / parts + 1;
    }

    private Socket announce(String from, String path, String headers) throws IOException {
        var socket = new Socket();
        idle.add(socket);
        socket.setSoTimeout(30_000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.url().getPort()));
        var head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n\r\n"
                        .formatted(path, headers);
        socket.getOutputStream().write(head.getBytes(US_ASCII));
        return socket;
    }

    private static int status(Socket socket) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        return Integer.parseInt(lines.readLine().substring(9, 12));
    }

    private static void assertAnswered(McpSession caller) {
        for (int size : List.of(100, 200_000)) {
            var text = "x".repeat(size);
            var ping =
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"_meta\":{\"x\":\"%s\"}}}"
                            .formatted(text);
            assertThat(caller.post(ping).status()).as("of %d bytes", size).isEqualTo(200);
        }
    }
}
