package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a server of the 2025 revisions logs when no call is open, and who hears it. */
@ExtendWith(GatewayExtension.class)
class LaterLogsTest {
    private static final String PATH = "/mcp/servers/l1";
    private static final String NOTE = "note://board/agenda";
    private static final String LOG = "notifications/message";

    private static final String POLICY =
            """
            rules:
              - id: read
                effect: allow
                subjects: ["any"]
                resources: ["l1/*"]
            """;

    private final TenantDesk tenant;

    LaterLogsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("logs");
    }

    private WatchedUpstream served() {
        var server = new WatchedUpstream(false, NOTE);
        var etag = tenant.register("l1", server.endpoint()).ok().header("etag");
        tenant.admin(
                        Ask.post("/admin/v1/servers/l1/approve", "{\"all\":true,\"risk\":\"read\"}")
                                .with("If-Match", etag))
                .ok();
        tenant.policy(POLICY);
        return server;
    }

    private McpSession session(String owner) {
        return McpSession.open(tenant.http(), PATH, tenant.key(owner, "agent"));
    }

    private static void level(McpSession session, String level) {
        session.post(
                        """
                        {"jsonrpc":"2.0","id":7,"method":"logging/setLevel","params":{"level":"%s"}}\
                        """
                                .formatted(level))
                .ok();
    }

    private void read(McpSession session) {
        var body =
                """
                {"jsonrpc":"2.0","id":8,"method":"resources/read","params":{"uri":"%s"}}\
                """;
        var ask =
                session.ask(body.formatted(NOTE))
                        .with("accept", "application/json, text/event-stream");
        assertThat(tenant.http().send(ask).ok().body()).contains("contents");
    }

    private static List<String> levels(OpenStream stream) {
        return stream.messages().stream()
                .filter(it -> it.path("method").asString("").equals(LOG))
                .map(it -> it.at("/params/level").asString())
                .distinct()
                .toList();
    }

    @Test
    void whoeverCalledHearsItOnTheStreamOfItsSessionFromItsLevelOn() {
        var server = served();
        var session = session("user:ada");
        try (server;
                var stream = tenant.http().open(session.listen())) {
            level(session, "warning");
            read(session);

            await().untilAsserted(() -> {
                server.log("info");
                server.log("error");
                assertThat(levels(stream)).contains("error");
            });

            assertThat(levels(stream)).containsExactly("error");
        }
    }

    @Test
    void nobodyElseHearsIt() {
        var server = served();
        var ada = session("user:ada");
        var bob = session("user:bob");
        var mute = session("user:ada");
        try (server;
                var ofAda = tenant.http().open(ada.listen());
                var ofBob = tenant.http().open(bob.listen());
                var ofMute = tenant.http().open(mute.listen())) {
            level(ada, "debug");
            level(bob, "debug");
            read(ada);
            read(mute); // which never asked for a level

            await().untilAsserted(() -> {
                server.log("info");
                assertThat(levels(ofAda)).contains("info");
            });

            assertThat(levels(ofBob)).isEmpty();
            assertThat(levels(ofMute)).isEmpty();
        }
    }

    @Test
    void whoeverMayNotUseTheServerAnyMoreHearsNothing() {
        var server = served();
        var session = session("user:ada");
        try (server;
                var stream = tenant.http().open(session.listen())) {
            level(session, "debug");
            read(session);
            await().untilAsserted(() -> {
                server.log("info");
                assertThat(levels(stream)).contains("info");
            });

            tenant.policy(POLICY.replace("l1/*", "other/*"));
            await().until(stream::isOver);
            server.log("error");

            assertThat(levels(stream)).containsExactly("info");
        }
    }
}
