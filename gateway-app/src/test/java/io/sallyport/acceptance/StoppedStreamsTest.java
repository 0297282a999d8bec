package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is open at the MCP face ends with a stop, and nothing is told on it any more. */
@ExtendWith(GatewayExtension.class)
class StoppedStreamsTest {
    private static final Duration BUSY = Duration.ofSeconds(20);
    private static final String PATH = "/mcp/servers/u1";
    private static final String RESOURCE = "note://board/agenda";
    private static final String ASKS =
            """
            {"jsonrpc":"2.0","id":"q1","method":"elicitation/create","params":{"message":"Name?",\
            "requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}}}}\
            """;

    private final TenantDesk tenant;
    private final String key;

    StoppedStreamsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("streams");
        key = tenant.agent();
    }

    private void stop(String what) {
        var path =
                switch (what) {
                    case "server" -> "servers/u1";
                    case "tool" -> "tools/u1/echo";
                    case "principal" -> "principals/user:ada";
                    case "tenant" -> "tenants/" + tenant.id();
                    default -> throw new IllegalArgumentException(what);
                };
        var stop = "/admin/v1/" + path + "/stop";
        tenant.admin(Ask.post(stop, "{\"reason\":\"it leaks\"}")).ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"principal", "tenant"})
    void streamsThatTellOfChangesEnd(String what) {
        var session = McpSession.open(tenant.http(), key);
        var listen = new ModernClient(tenant.http(), "/mcp", key);
        var others = McpSession.open(tenant.http(), tenant.key("user:bob", "agent"));
        try (var old = tenant.http().open(session.listen());
                var modern = tenant.http().open(listening(listen, "\"toolsListChanged\":true"));
                var bobs = tenant.http().open(others.listen())) {
            await().atMost(BUSY).until(() -> !modern.messages().isEmpty() && old.status() == 200);

            stop(what);

            await().atMost(BUSY).until(() -> old.isOver() && modern.isOver());
            if (what.equals("principal")) {
                assertThat(bobs.isOver()).isFalse();
            } else {
                await().atMost(BUSY).until(bobs::isOver);
            }
        }
    }

    private static Ask listening(ModernClient client, String wanted) {
        return client.ask("subscriptions/listen", "\"notifications\":{" + wanted + "},");
    }

    static Stream<Arguments> subscriptions() {
        return Stream.of("server", "principal", "tenant")
                .flatMap(it -> Stream.of(Bridge.values()).map(bridge -> Arguments.of(it, bridge)));
    }

    @ParameterizedTest
    @MethodSource("subscriptions")
    void subscriptionsEndHereAndAtTheServer(String what, Bridge bridge) {
        try (var server = served(bridge);
                var stream = subscribed(bridge)) {
            await().atMost(BUSY)
                    .untilAsserted(() -> {
                        server.update(RESOURCE);
                        assertThat(stream.methods()).contains("notifications/resources/updated");
                    });

            stop(what);

            await().atMost(BUSY).until(stream::isOver);
            if (!bridge.isModernServer()) {
                await().atMost(BUSY)
                        .until(() ->
                                server.asked().stream()
                                        .anyMatch(it -> it.contains("resources/unsubscribe")));
            }
        }
    }

    private WatchedUpstream served(Bridge bridge) {
        var server = new WatchedUpstream(bridge.isModernServer(), RESOURCE);
        var etag = tenant.register("u1", server.endpoint()).ok().header("etag");
        tenant.admin(
                        Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}")
                                .with("If-Match", etag))
                .ok();
        tenant.policy(
                """
                rules:
                  - id: read
                    effect: allow
                    subjects: ["any"]
                    resources: ["u1/*"]
                """);
        return server;
    }

    private OpenStream subscribed(Bridge bridge) {
        if (bridge.isModernClient()) {
            var wanted = "\"resourceSubscriptions\":[\"" + RESOURCE + "\"]";
            return tenant.http()
                    .open(listening(new ModernClient(tenant.http(), PATH, key), wanted));
        }
        var session = McpSession.open(tenant.http(), PATH, key);
        var stream = tenant.http().open(session.listen());
        var params = "\"params\":{\"uri\":\"" + RESOURCE + "\"}";
        session.post(
                        "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"resources/subscribe\","
                                + params
                                + "}")
                .ok();
        return stream;
    }

    /** A call that waits for a person ends at its next leg, which the gate refuses; it was sent. */
    @ParameterizedTest
    @ValueSource(strings = {"tool", "server", "principal", "tenant"})
    void aCallThatWaitsForAPersonEnds(String what) {
        try (var upstream = ScriptedUpstream.listing("echo")) {
            tenant.serve("u1", upstream.endpoint());
            tenant.allow("u1/*");
            upstream.onCall(upstream.streams(ASKS, "WAIT"));
            var session = McpSession.open(tenant.http(), PATH, key, "{\"elicitation\":{}}");
            var call =
                    """
                    {"jsonrpc":"2.0","id":1,"method":"tools/call",\
                    "params":{"name":"echo","arguments":{}}}\
                    """;
            var ask = session.ask(call).with("accept", "application/json, text/event-stream");
            try (var stream = tenant.http().open(ask)) {
                await().atMost(BUSY).until(() -> stream.methods().contains("elicitation/create"));

                stop(what);

                await().atMost(BUSY).until(stream::isOver);
                var result = stream.messages().getLast().path("result");
                assertThat(result.path("isError").asBoolean()).isTrue();
                assertThat(result.at("/content/0/text").asString())
                        .startsWith("unknown_tool")
                        .endsWith("the tool may have run.");
                assertThat(upstream.calls()).hasSize(1);
            }
        }
    }
}
