package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever hides something from a caller, the caller is told that there is nothing of that name,
 * and the record says what hides it.
 */
@ExtendWith(GatewayExtension.class)
class UnseenTest {
    private static final String POLICY =
            """
            rules:
              - {id: tools, effect: allow, tools: ["u1/open", "u1/new", "u1/gone", "u1/odd"]}
              - {id: no, effect: deny, tools: ["u1/never"]}
              - id: content
                effect: allow
                resources: ["u1/note://open", "u1/note://gone", "u1/note://new", "u1/https://*"]
                prompts: ["u1/open", "u1/new"]
              - {id: no-notes, effect: deny, resources: ["u1/note://never*"], prompts: ["u1/never"]}
            """;

    private final TenantDesk tenant;
    private final ScriptedUpstream server =
            ScriptedUpstream.listing("open", "never", "other", "gone", "odd")
                    .resources(
                            note("open"),
                            note("never"),
                            note("plain"),
                            note("other"),
                            note("gone"),
                            "{\"uri\":\"https://bob:CANARY@note.example/\",\"name\":\"unsafe\"}")
                    .templates("{\"uriTemplate\":\"file:///pages/{page}\",\"name\":\"pages\"}")
                    .prompts(prompt("open"), prompt("never"), prompt("other"));

    private String agent = "";

    UnseenTest(RunningGateway gateway) {
        tenant = gateway.newTenant("unseen");
    }

    private static String note(String name) {
        return "{\"uri\":\"note://%s\",\"name\":\"%s\"}".formatted(name, name);
    }

    private static String prompt(String name) {
        return "{\"name\":\"" + name + "\"}";
    }

    @BeforeEach
    void serve() {
        var etag = tenant.register("u1", server.endpoint()).ok().header("etag");
        var all = Ask.post("/admin/v1/servers/u1/approve", "{\"all\":true,\"risk\":\"read\"}");
        tenant.admin(all.with("If-Match", etag)).ok();
        tenant.policy(POLICY);
        agent = tenant.agent();
        server.edit(it -> it.replace("\"gone\"", "\"new\"").replace("note://gone", "note://new"));
        server.edit(it -> it.replace("\"name\":\"other\"}", "\"name\":\"new\"}"));
        tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", "")).ok();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "u1__never, explicit_deny, no",
        "u1__other, not_allowed, ''",
        "u1__new, not_approved, ''",
        "u1__gone, unknown_tool, ''",
        "u1__nothing, unknown_tool, ''",
    })
    void ofATool(String name, String reason, String rule) {
        assertUnknown(callOf(name), reason, rule);
    }

    @Test
    void ofAToolThatTheKeysToolsetsLeaveOut() {
        tenant.toolset("few", "u1/odd");
        agent =
                tenant.newKey("{\"owner\":\"user:bo\",\"kind\":\"agent\",\"toolsets\":[\"few\"]}")
                        .path("key")
                        .asString();

        assertUnknown(callOf("u1__open"), "not_allowed", "");
    }

    @ParameterizedTest
    @CsvSource({
        "resources/read, note://never, explicit_deny, no-notes",
        "resources/read, note://never/listed, explicit_deny, no-notes",
        "resources/read, note://plain, not_allowed, ''",
        "resources/read, note://other, descriptor_changed, ''",
        "resources/read, note://new, not_approved, ''",
        "resources/read, note://gone, unknown_resource, ''",
        "resources/read, note://nothing, unknown_resource, ''",
        "resources/read, file:///pages/one, not_allowed, ''",
        "resources/read, https://bob:CANARY@note.example/, not_approved, ''",
        "prompts/get, never, explicit_deny, no-notes",
        "prompts/get, new, not_approved, ''",
        "prompts/get, nothing, unknown_prompt, ''",
    })
    void ofContent(String method, String name, String reason, String rule) {
        assertUnknown(contentOf(method, name), reason, rule);
    }

    @Test
    void ofAServerThatIsSwitchedOff() {
        assertHidden("server_disabled", () -> patch("disabled"));
        patch("active");
        assertThat(callOf("u1__open").ok().body()).contains("\"result\"");
    }

    @Test
    void ofAServerThatIsStopped() {
        assertHidden(
                "stopped",
                () ->
                        tenant.admin(
                                        Ask.post(
                                                "/admin/v1/servers/u1/stop",
                                                "{\"reason\":\"for now\"}"))
                                .ok());
    }

    private void patch(String status) {
        var ask = Ask.of("PATCH", "/admin/v1/servers/u1");
        tenant.admin(ask.json("{\"status\":\"" + status + "\"}")).ok();
    }

    /** The server's own URL is not found any more, but for who has a session there. */
    private void assertHidden(String reason, Runnable hide) {
        var session = McpSession.open(tenant.http(), "/mcp/servers/u1", agent);
        hide.run();
        assertUnknown(callOf("u1__open"), reason, "");
        for (var name : new String[] {"open", "new", "nothing"}) {
            var get = "{'jsonrpc':'2.0','id':7,'method':'prompts/get','params':{'name':'%s'}}";
            var read =
                    "{'jsonrpc':'2.0','id':8,'method':'resources/read','params':{'uri':'note://%s'}}";
            assertUnknown(session.post(get.formatted(name).replace('\'', '"')), reason, "");
            assertUnknown(session.post(read.formatted(name).replace('\'', '"')), reason, "");
        }
    }

    private Reply callOf(String tool) {
        return new ModernClient(tenant.http(), "/mcp", agent).call(tool, "{}");
    }

    private Reply contentOf(String method, String name) {
        var client = new ModernClient(tenant.http(), "/mcp/servers/u1", agent);
        var member = method.startsWith("prompts") ? "name" : "uri";
        return client.send(
                client.ask(method, "\"%s\":\"%s\",".formatted(member, name))
                        .with("mcp-name", name));
    }

    private void assertUnknown(Reply reply, String reason, String rule) {
        assertThat(reply.json().at("/error/message").asString()).startsWith("Unknown ");
        var record = tenant.audit("kind=call.denied").getFirst();
        assertThat(record.path("reason").asString()).isEqualTo(reason);
        assertThat(record.path("rule").asString("")).isEqualTo(rule);
        assertThat(record.toString()).doesNotContain("CANARY");
        assertThat(server.calls()).isEmpty();
    }
}
