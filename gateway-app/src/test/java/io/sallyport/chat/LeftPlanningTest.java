package io.sallyport.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.edge.GuardedBodies;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.server.WebFilter;

/** A client that leaves does not free the body that is still being worked on. */
class LeftPlanningTest {
    private final Tenant tenant = Tenant.at(URI.create("http://127.0.0.1:1/v1"));
    private final ByteBudget budget = ByteBudget.ofHeap();
    private final Semaphore planning = new Semaphore(0);
    private final Semaphore plan = new Semaphore(0);
    private final Semaphore exchangeEnded = new Semaphore(0);

    /** The planner asks it, and waits as if it had much to do. */
    private final class Slow implements Governance {
        @Override
        public TenantView view(TenantId id) {
            planning.release();
            plan.acquireUninterruptibly();
            return tenant.governance().view(id);
        }

        @Override
        public TenantView refreshed(TenantView stale) {
            return stale;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300_000, 2_000_000})
    void theBodyIsHeldUntilThePlannerHasEnded(int size) throws Exception {
        WebFilter watch =
                (exchange, chain) -> chain.filter(exchange).doFinally(_ -> exchangeEnded.release());
        var filters = List.of(watch, GuardedBodies.within(budget));
        try (var server = ChatServer.of(tenant, new Slow(), filters)) {
            try (var client =
                    new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
                send(client, size);
                planning.acquire();
            }
            exchangeEnded.acquire();
            assertThat(budget.held()).isGreaterThan(size);

            plan.release();
            await().untilAsserted(() -> assertThat(budget.held()).isZero());
        }
    }

    private static void send(Socket client, int size) throws IOException {
        var body =
                "{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted("x".repeat(size));
        var head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                                .formatted(body.length());
        client.getOutputStream().write((head + body).getBytes(US_ASCII));
    }
}
