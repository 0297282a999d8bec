package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** With limits of a second or two; those of production are only longer. */
class SlowClientTest {
    private static final int CLIENTS = 200;
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "SALLYPORT_HTTP_HEADTIMEOUT", "2s",
                    "SALLYPORT_HTTP_BODYTIMEOUT", "2s",
                    "SALLYPORT_HTTP_IDLETIMEOUT", "3s",
                    "SALLYPORT_HTTP_WRITETIMEOUT", "3s",
                    "SALLYPORT_HTTP_MAXUNREAD", "5",
                    "SALLYPORT_HTTP_PUBLICURL", "https://gateway.example",
                    "SALLYPORT_HTTP_ORIGINS", "https://console.example");

    private static Scratch folder;
    private static GatewayProcess process;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        folder = Scratch.make();
        process = GatewayProcess.serve(folder.path(), SETTINGS, "--dev", "--port", "0");
        http = new Http(process.awaitUrl());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        process.stop();
        folder.delete();
    }

    private static TenantDesk newTenant(String name) throws IOException {
        return TenantDesk.create(http, process.key("SALLYPORT_ADMIN_KEY"), name);
    }

    private static final String HEAD = "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: ";

    private static String halfABody(String key) {
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer "
                + key
                + "\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"";
    }

    /** Sends a byte every so often until it is told to stop. */
    private static RawConnection.Answer trickle(String start) throws InterruptedException {
        try (var connection = RawConnection.to(http.url())) {
            connection.send(start);
            var pause = new Semaphore(0);
            for (int sent = 0; sent < 12; sent++) {
                var _ = pause.tryAcquire(300, TimeUnit.MILLISECONDS);
                connection.sends(new byte[] {'a'});
            }
            return connection.rest();
        }
    }

    @Test
    @DisplayName("HP-14 slow clients are sent away, and nobody else waits for them")
    void slowClientsAreSentAway() throws Exception {
        var key = newTenant("slow").agent();
        var answers = new ArrayList<Future<RawConnection.Answer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                answers.add(threads.submit(() -> trickle(HEAD)));
                answers.add(threads.submit(() -> trickle(halfABody(key))));
                answers.add(
                        threads.submit(() -> RawConnection.exchange(http.url(), halfABody(key))));
            }
            assertServesMeanwhile(key);
            for (var answer : answers) {
                assertThat(answer.get().status()).isEqualTo(408);
                assertThat(answer.get().closed()).isTrue();
            }
        }
    }

    private static void assertServesMeanwhile(String key) {
        var models = Ask.get("/v1/models").bearer(key);
        for (int turn = 0; turn < 20; turn++) {
            var begun = System.nanoTime();
            assertThat(http.send(models).status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofMillis(500));
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() {
        assertThat(RawConnection.exchange(http.url(), "").closed()).isTrue();
        assertThat(RawConnection.exchange(http.url(), HEAD + "a\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("HP-14 a call that takes longer than every limit is answered")
    void aSlowAnswerIsNotCutOff() throws Exception {
        var tenant = newTenant("patient");
        try (var upstream = ScriptedUpstream.listing("echo")) {
            tenant.serve("u1", upstream.endpoint());
            tenant.allow("u1/*");
            var pause = new Semaphore(0);
            upstream.onCall((exchange, id) -> {
                pause.acquireUninterruptibly();
                ScriptedUpstream.says("at last").answer(exchange, id);
            });
            var mcp = McpSession.open(http, tenant.agent());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var reply = threads.submit(() -> mcp.call("u1__echo", "{}"));
                assertThat(new Semaphore(0).tryAcquire(5, TimeUnit.SECONDS)).isFalse();
                pause.release();
                assertThat(reply.get().body()).contains("at last");
            }
        }
    }

    /** H21. */
    @Test
    void clientsThatNeverReadAreSentAway() throws Exception {
        var tenant = newTenant("unread");
        try (var provider = new Torrent()) {
            tenant.model("m", provider.endpoint(), "any", "");
            var request = streamedChat(tenant.agent());
            var clients = new ArrayList<RawConnection>();
            for (int client = 0; client < 8; client++) {
                clients.add(RawConnection.to(http.url()));
                clients.getLast().send(request);
            }
            eventually(() -> assertThat(provider.begun).hasValue(8));
            eventually(() -> assertThat(provider.open).hasValue(0));
            eventually(() ->
                    assertThat(tenant.audit("kind=chat.response"))
                            .hasSize(8)
                            .allMatch(it -> it.toString().contains("client_gone")));
            clients.forEach(RawConnection::close);
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion);
    }

    private static String streamedChat(String key) {
        var body =
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + key
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    /** A provider that never stops, and knows how many listen. */
    private static final class Torrent implements AutoCloseable {
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();
        private final HttpServer server;

        Torrent() throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/v1/chat/completions", this::pour);
            server.start();
        }

        URI endpoint() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        }

        private void pour(HttpExchange exchange) throws IOException {
            open.incrementAndGet();
            begun.incrementAndGet();
            var event =
                    ("data: {\"choices\":[],\"x\":\"" + "x".repeat(8_000) + "\"}\n\n")
                            .getBytes(US_ASCII);
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("content-type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                while (true) {
                    exchange.getResponseBody().write(event);
                }
            } finally {
                open.decrementAndGet();
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void whatIsConfiguredIsAccepted() {
        var request =
                "GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nConnection: close\r\n"
                        + "Host: gateway.example\r\nOrigin: ";
        var listed =
                RawConnection.exchange(http.url(), request + "https://console.example\r\n\r\n");
        var other = RawConnection.exchange(http.url(), request + "http://console.example\r\n\r\n");

        assertThat(listed.text()).contains("\"resource\":\"https://gateway.example/mcp\"");
        assertThat(other.status()).isEqualTo(403);
        assertThat(List.of(listed.status(), other.status())).isEqualTo(List.of(200, 403));
    }
}
