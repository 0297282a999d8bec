package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R3: our own limits are settings, and are told as what they are. */
@Timeout(240)
class EgressLimitsTest {
    private static final Scratch SCRATCH = Scratch.make();

    private static GatewayProcess gateway;
    private static TenantDesk tenant;

    @BeforeAll
    static void start() throws IOException {
        gateway =
                GatewayProcess.serve(
                        SCRATCH.path().resolve("data"),
                        Map.of(
                                "SALLYPORT_EGRESS_CONNECTIONS", "1",
                                "SALLYPORT_EGRESS_WAITING", "0",
                                "SALLYPORT_GATE_CALLSPERSERVER", "1"),
                        "--dev",
                        "--port",
                        "0");
        var http = new Http(gateway.awaitUrl());
        tenant = TenantDesk.create(http, gateway.key("SALLYPORT_ADMIN_KEY"), "limits");
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        gateway.stop();
        SCRATCH.delete();
    }

    @Test
    void oneModelRequestTooManyIsTooManyRequests() throws IOException {
        var over = new CountDownLatch(1);
        var asked = new AtomicInteger();
        var provider =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    try (exchange) {
                        over.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
        provider.start();
        try {
            var url = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/v1");
            tenant.model("m", url, "any", "");
            var key = tenant.agent();
            var first =
                    tenant.http()
                            .begin(
                                    Ask.post("/v1/chat/completions", Chat.question("m"))
                                            .bearer(key));
            await().until(() -> asked.get() == 1);

            var refused = new Chat(tenant.http(), key).ask("m");

            assertThat(refused.status()).isEqualTo(429);
            assertThat(Chat.errorCode(refused)).isEqualTo("rate_limited");
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(refused.body()).doesNotContain("could not be reached");
            first.cancel(true);
        } finally {
            over.countDown();
            provider.stop(0);
        }
    }

    @Test
    void oneCallTooManyIsAResultThatSaysSo() {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            tenant.serve("u1", upstream.endpoint());
            tenant.allow("u1/*");
            upstream.onCall(upstream.holds());
            var mcp = McpSession.open(tenant.http(), tenant.agent());
            var first =
                    tenant.http()
                            .begin(
                                    mcp.ask(
                                            "{\"jsonrpc\":\"2.0\",\"id\":90,\"method\":\"tools/call\","
                                                    + "\"params\":{\"name\":\"u1__echo\",\"arguments\":{}}}"));
            await().until(() -> upstream.calls().size() == 1);

            assertThat(mcp.refusal("u1__echo", "{}")).isEqualTo("rate_limited");

            assertThat(upstream.calls()).hasSize(1);
            first.cancel(true);
        }
    }
}
