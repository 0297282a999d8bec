package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * R2: clients that leave at any moment, before the first byte too, leave nothing behind. {@code
 * -Dsallyport.aborts=10000} makes so many of them instead of what fits into a few seconds.
 */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(600)
class AbandonedChatTest {
    private static final int ABORTS = Integer.getInteger("sallyport.aborts", 600);
    private static final int AT_ONCE = 24;
    private static final int LONGEST_MILLIS = 300;

    private static final String WITHOUT_END =
            "select count(*) from audit_intake a where"
                    + " convert_from(a.leaf, 'UTF8')::jsonb ->> 'kind' = 'chat.request'"
                    + " and not exists (select 1 from audit_intake b where"
                    + " convert_from(b.leaf, 'UTF8')::jsonb ->> 'kind' = 'chat.response'"
                    + " and convert_from(b.leaf, 'UTF8')::jsonb #>> '{what,turn,run}'"
                    + " = convert_from(a.leaf, 'UTF8')::jsonb #>> '{what,turn,run}')";

    private static final String KIND =
            "select count(*) from audit_intake where"
                    + " convert_from(leaf, 'UTF8')::jsonb ->> 'kind' = ?";

    private final AuditedGateway gateway;
    private final Dawdler provider = new Dawdler();

    AbandonedChatTest(FaultyPostgres postgres) throws IOException, InterruptedException {
        gateway = AuditedGateway.start(postgres);
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    @Test
    void clientsThatLeaveAtAnyMomentLeaveNothingBehind() throws Exception {
        var tenant = gateway.tenant();
        tenant.toolset("all", "*");
        tenant.model("plain", provider.endpoint(), "any", "");
        tenant.model("tools", provider.endpoint(), "any", ",\"toolset\":\"all\"");
        var key = tenant.agent();
        var before = gateway.workers();

        abort(tenant.http().url(), key);

        eventually(() -> assertThat(provider.open).hasValue(0));
        eventually(() -> assertThat(gateway.workers()).isLessThanOrEqualTo(before));
        eventually(() -> assertThat(count(WITHOUT_END)).isZero());
        var ends = FaultyPostgres.count(gateway.database(), KIND, "chat.response");
        assertThat(ends)
                .isPositive()
                .isEqualTo(FaultyPostgres.count(gateway.database(), KIND, "chat.request"));
    }

    private long count(String sql) {
        return FaultyPostgres.count(gateway.database(), sql);
    }

    /** The bar is five seconds; a machine that does other things needs some of its own. */
    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(assertion);
    }

    private static void abort(URI url, String key) throws InterruptedException {
        var random = new Random(42);
        var free = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < ABORTS; client++) {
                var model = client % 3 == 0 ? "plain" : "tools";
                var millis = random.nextInt(LONGEST_MILLIS);
                var resets = random.nextBoolean();
                free.acquire();
                threads.execute(() -> {
                    try {
                        leave(url, request(key, model), millis, resets);
                    } finally {
                        free.release();
                    }
                });
            }
        }
    }

    private static void leave(URI url, byte[] request, int millis, boolean resets) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.setSoLinger(resets, 0);
            socket.getOutputStream().write(request);
            var _ = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] request(String key, String model) {
        var body =
                "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                        .formatted(model);
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(US_ASCII);
    }

    /** A provider that calls a tool first and then speaks slowly; it knows how many listen. */
    private static final class Dawdler implements AutoCloseable {
        private static final String TOOL_CALL =
                """
                data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"u1__echo","arguments":"{}"}}]},"finish_reason":null}]}

                data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

                data: [DONE]

                """;
        private static final String WORD =
                """
                data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}

                """;

        private final AtomicInteger open = new AtomicInteger();
        private final HttpServer http;

        Dawdler() throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/v1/chat/completions", this::answer);
            http.start();
        }

        URI endpoint() {
            return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
        }

        private void answer(HttpExchange exchange) throws IOException {
            open.incrementAndGet();
            try (exchange) {
                var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                exchange.getResponseHeaders().set("content-type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                if (body.contains("\"tools\"") && !body.contains("\"tool_call_id\"")) {
                    exchange.getResponseBody().write(TOOL_CALL.getBytes(UTF_8));
                } else {
                    speak(exchange);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                open.decrementAndGet();
            }
        }

        /** Ten seconds, unless nobody listens any more. */
        private static void speak(HttpExchange exchange) throws IOException, InterruptedException {
            var pause = new Semaphore(0);
            for (int word = 0; word < 200; word++) {
                exchange.getResponseBody().write(WORD.getBytes(UTF_8));
                exchange.getResponseBody().flush();
                var _ = pause.tryAcquire(50, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
