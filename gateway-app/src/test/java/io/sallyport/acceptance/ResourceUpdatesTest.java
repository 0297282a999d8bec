package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who hears that a resource has changed, whichever eras client and server speak. */
@ExtendWith(GatewayExtension.class)
class ResourceUpdatesTest {
    private static final String PATH = "/mcp/servers/u1";
    private static final String WANTED = "note://board/agenda";
    private static final String OTHER = "note://board/minutes";
    private static final String UPDATED = "notifications/resources/updated";

    private static final String POLICY =
            """
            rules:
              - id: read
                effect: allow
                subjects: ["any"]
                resources: ["u1/%s"]
            """;

    private final TenantDesk tenant;
    private final String key;

    ResourceUpdatesTest(RunningGateway gateway) {
        tenant = gateway.newTenant("updates");
        key = tenant.agent();
    }

    @ParameterizedTest
    @EnumSource(Bridge.class)
    void aClientHearsOfWhatItSubscribedToAndMayRead(Bridge bridge) {
        try (var server = served(bridge);
                var stream = subscribed(bridge, WANTED)) {
            await().until(() -> server.asked().stream().anyMatch(it -> it.contains(WANTED)));

            await().untilAsserted(() -> {
                server.update(OTHER);
                server.update(WANTED);
                assertThat(stream.methods()).contains(UPDATED);
            });

            assertThat(uris(stream)).containsOnly(WANTED);
            assertThat(tenant.audit("kind=call.outcome"))
                    .singleElement()
                    .matches(it -> it.path("op").asString().equals("resources/subscribe"));
        }
    }

    @ParameterizedTest
    @EnumSource(Bridge.class)
    void aClientHearsNoMoreOfWhatItMayNotReadAnyMore(Bridge bridge) {
        try (var server = served(bridge);
                var stream = subscribed(bridge, WANTED, OTHER)) {
            await().untilAsserted(() -> {
                server.update(OTHER);
                server.update(WANTED);
                assertThat(uris(stream)).contains(WANTED, OTHER);
            });

            tenant.policy(POLICY.formatted(OTHER));
            hearOf(OTHER, server, stream); // and so of everything that was told before
            var before = count(WANTED, stream);
            for (int updates = 0; updates < 20; updates++) {
                server.update(WANTED);
            }
            hearOf(OTHER, server, stream);

            assertThat(count(WANTED, stream)).isEqualTo(before);
        }
    }

    private static void hearOf(String uri, WatchedUpstream server, OpenStream stream) {
        var before = count(uri, stream);
        await().until(() -> {
            server.update(uri);
            return count(uri, stream) > before + 3;
        });
    }

    private static long count(String uri, OpenStream stream) {
        return uris(stream).stream().filter(uri::equals).count();
    }

    private WatchedUpstream served(Bridge bridge) {
        var server = new WatchedUpstream(bridge.isModernServer(), WANTED, OTHER);
        var etag = tenant.register("u1", server.endpoint()).ok().header("etag");
        tenant.admin(
                        Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}")
                                .with("If-Match", etag))
                .ok();
        tenant.policy(POLICY.formatted("*"));
        return server;
    }

    private OpenStream subscribed(Bridge bridge, String... uris) {
        return bridge.isModernClient() ? listening(uris) : session(uris);
    }

    private OpenStream listening(String... uris) {
        var all = Stream.of(uris).collect(Collectors.joining("\",\"", "[\"", "\"]"));
        var wanted = "\"notifications\":{\"resourceSubscriptions\":" + all + "},";
        var client = new ModernClient(tenant.http(), PATH, key);
        return tenant.http().open(client.ask("subscriptions/listen", wanted));
    }

    private OpenStream session(String... uris) {
        var session = McpSession.open(tenant.http(), PATH, key);
        var stream = tenant.http().open(session.listen());
        for (var uri : uris) {
            var subscribe =
                    """
                    {"jsonrpc":"2.0","id":9,"method":"resources/subscribe","params":{"uri":"%s"}}\
                    """;
            session.post(subscribe.formatted(uri)).ok();
        }
        return stream;
    }

    private static List<String> uris(OpenStream stream) {
        return stream.messages().stream()
                .filter(it -> it.path("method").asString("").equals(UPDATED))
                .map(it -> it.at("/params/uri").asString())
                .toList();
    }
}
