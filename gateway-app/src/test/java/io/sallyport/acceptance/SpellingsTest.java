package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server whose templates cover everything, and rules that deny some of it. */
@ExtendWith(GatewayExtension.class)
class SpellingsTest {
    private static final String TEXT =
            "{\"contents\":[{\"uri\":\"note://board/agenda\",\"text\":\"hello\"}]}";

    private static final String POLICY =
            """
            rules:
              - id: all
                effect: allow
                resources: ["u1/*", "u1/note://Odd/named"]
              - id: hr
                effect: deny
                resources: ["u1/note://hr/*", "u1/file:///hr/*", "u1/https://hr.example/*"]
              - id: listed
                effect: deny
                resources: ["u1/note://Odd/denied"]
            """;

    /** What a lenient server takes for something that is denied, or for what it lists. */
    private static final List<String> DODGES =
            List.of(
                    "note://Hr/salaries",
                    "note://%68r/salaries",
                    "note://hr./salaries",
                    "note://hr:/salaries",
                    "note:///hr/salaries#x",
                    "note://x@hr@hr/salaries",
                    "file:////hr/salaries",
                    "file:///x/../hr/salaries",
                    "file:///hr%2Fsalaries",
                    "file:///hr%2fsalaries",
                    "file:///hr%5Csalaries",
                    "file:///%C1%A8r/salaries",
                    "file:///h%2572/salaries",
                    "file://localhost/hr/salaries",
                    "file:/hr/salaries",
                    "FILE:///hr/salaries",
                    "https://hr.example:443/salaries",
                    "https://hr.example:/salaries",
                    "https://HR.example/salaries",
                    "https://hr.example./salaries",
                    "note://odd/denied",
                    "note://odd/named",
                    "note://Odd/other",
                    "file:///hr/salaries/",
                    "file:///hr/salaries?x",
                    "file:///hr/salaries;x",
                    "note://board//changed",
                    "note://board/changed/",
                    "note://board/changed?x",
                    "note://board/changed;x",
                    "note://board/changed");

    private static final List<String> READABLE =
            List.of(
                    "note://board/agenda",
                    "note://board/ann%40example.org",
                    "file:///a%20b.md",
                    "note://Odd/named");

    private final TenantDesk tenant;
    private final ScriptedUpstream server =
            ScriptedUpstream.listing("echo")
                    .resources(
                            resource("note://Odd/named"),
                            resource("note://Odd/denied"),
                            resource("note://Odd/other"),
                            resource("note://board/changed"))
                    .templates(
                            template("note://{+all}"),
                            template("file:///{+all}"),
                            template("https://hr.example{+all}"),
                            template("https://{+all}"),
                            template("note:{+all}"));

    SpellingsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("spellings");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Bridge.class)
    @DisplayName("AR-06 no other spelling of a resource reaches a server")
    void dodgesAreUnknown(Bridge bridge) {
        serve(bridge);

        for (var uri : DODGES) {
            var error = read(bridge, uri).json().path("error");
            assertThat(error.path("code").asInt()).as(uri).isEqualTo(-32602);
            assertThat(error.path("message").asString()).isEqualTo("Unknown resource: " + uri);
        }
        assertNothingWasAsked();
        await().untilAsserted(
                        () -> assertThat(tenant.audit("kind=call.denied")).hasSize(DODGES.size()));
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Bridge.class)
    @DisplayName("AR-06 the canonical spelling and a listed one that a rule names are read")
    void whatIsMeantIsRead(Bridge bridge) {
        serve(bridge);
        server.onCall(ScriptedUpstream.answers(TEXT));

        for (var uri : READABLE) {
            var reply = read(bridge, uri).ok();
            assertThat(reply.body()).as(uri).contains("hello");
        }
        assertThat(server.calls())
                .extracting(it -> Reply.parse(it).at("/params/uri").asString())
                .containsExactlyElementsOf(READABLE);
    }

    @ParameterizedTest
    @EnumSource(Bridge.class)
    @DisplayName("AR-06 nobody hears of a resource under another spelling")
    void dodgesAreNotWatched(Bridge bridge) {
        serve(bridge);

        for (var uri : DODGES.subList(0, 4)) {
            assertThat(subscribed(bridge, uri)).as(uri).isFalse();
        }
        assertNothingWasAsked();
    }

    private void serve(Bridge bridge) {
        bridge.prepare(server);
        var etag = tenant.register("u1", server.endpoint()).ok().header("etag");
        var all = Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}");
        tenant.admin(all.with("If-Match", etag)).ok();
        tenant.policy(POLICY);
        server.edit(it -> it.replace("a note://board/changed", "another text"));
        tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", "")).ok();
    }

    private Reply read(Bridge bridge, String uri) {
        var member = "\"uri\":\"%s\"".formatted(uri);
        return tenant.http().send(bridge.ask(tenant, "resources/read", uri, member, ""));
    }

    private boolean subscribed(Bridge bridge, String uri) {
        return bridge.isModernClient() ? listens(uri) : subscribes(uri);
    }

    private boolean subscribes(String uri) {
        var session = McpSession.open(tenant.http(), "/mcp/servers/u1", tenant.agent());
        var body =
                """
                {"jsonrpc":"2.0","id":3,"method":"resources/subscribe","params":{"uri":"%s"}}\
                """;
        return session.post(body.formatted(uri)).json().has("result");
    }

    private boolean listens(String uri) {
        var client = new ModernClient(tenant.http(), "/mcp/servers/u1", tenant.agent());
        var wanted = "\"notifications\":{\"resourceSubscriptions\":[\"%s\"]},".formatted(uri);
        try (var stream = tenant.http().open(client.ask("subscriptions/listen", wanted))) {
            await().until(() -> !stream.messages().isEmpty());
            return stream.messages()
                    .getFirst()
                    .at("/params/notifications")
                    .has("resourceSubscriptions");
        }
    }

    private void assertNothingWasAsked() {
        assertThat(server.calls()).isEmpty();
        assertThat(server.heard())
                .isNotEmpty()
                .noneMatch(it -> it.contains("resources/read"))
                .noneMatch(it -> it.contains("resources/subscribe"))
                .noneMatch(it -> it.contains("resourceSubscriptions"));
    }

    private static String resource(String uri) {
        return "{\"uri\":\"%s\",\"name\":\"x\",\"description\":\"a %s\"}".formatted(uri, uri);
    }

    private static String template(String text) {
        return "{\"uriTemplate\":\"%s\",\"name\":\"x\"}".formatted(text);
    }
}
