package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Streams that only tell what changes: who may keep them, how many and for how long. */
@ExtendWith(GatewayExtension.class)
class SubscriptionTest {
    private static final int MOST_STREAMS = 100;

    private final TenantDesk tenant;
    private final JsonNode key;
    private final List<OpenStream> streams = new ArrayList<>();

    SubscriptionTest(RunningGateway gateway) {
        tenant = gateway.newTenant("subscriptions");
        key = tenant.newKey("{\"owner\":\"user:ada\",\"kind\":\"agent\"}");
    }

    @AfterEach
    void close() {
        streams.forEach(OpenStream::close);
    }

    @Test
    void aStreamEndsWithItsKey() {
        var stream = open(client(), "{\"toolsListChanged\":true}");
        var session = McpSession.open(tenant.http(), "/mcp", key.path("key").asString());
        var own = tenant.http().open(session.listen());
        streams.add(own);
        await().until(() -> !stream.messages().isEmpty() && own.status() == 200);

        tenant.admin(Ask.of("DELETE", "/admin/v1/keys/" + key.path("id").asString())).ok();

        await().until(() -> stream.isOver() && own.isOver());
    }

    @Test
    void aStreamHearsOfAtMostAHundredResources() {
        var uris =
                IntStream.range(0, 101)
                        .mapToObj(it -> "\"test://" + it + "\"")
                        .collect(Collectors.joining(","));

        var reply = client().send(ask(client(), "{\"resourceSubscriptions\":[" + uris + "]}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").asInt()).isEqualTo(-32602);
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }

    @Test
    void onePrincipalsStreamsAreCounted() {
        for (int opened = 0; opened < MOST_STREAMS; opened++) {
            assertThat(open(client(), "{}").status()).isEqualTo(200);
        }

        var refused = client().send(ask(client(), "{}"));
        var other = new ModernClient(tenant.http(), "/mcp", tenant.key("user:eve", "agent"));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(open(other, "{}").status()).isEqualTo(200);
        streams.getFirst().close();
        await().until(() -> open(client(), "{}").status() == 200);
    }

    private ModernClient client() {
        return new ModernClient(tenant.http(), "/mcp", key.path("key").asString());
    }

    private OpenStream open(ModernClient client, String notifications) {
        var stream = tenant.http().open(ask(client, notifications));
        streams.add(stream);
        return stream;
    }

    private static Ask ask(ModernClient client, String notifications) {
        return client.ask("subscriptions/listen", "\"notifications\":" + notifications + ",");
    }
}
