package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.store.DatabaseAddress;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** H14: no event loop ever waits, whatever is asked, and whether or not the database answers. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(300)
class EventLoopTest {
    private static final String TOO_MUCH = "{\"model\":\"" + "x".repeat(21 * 1024 * 1024) + "\"}";

    private final FaultyPostgres postgres;
    private final Path folder;
    private final Path blocked;
    private final ScriptedUpstream legacy = ScriptedUpstream.listing("echo", "ask");
    private final ScriptedUpstream modern = ScriptedUpstream.listing("echo").modern();
    private final ScriptedModel model;
    private GatewayProcess process;
    private TenantDesk tenant;

    EventLoopTest(FaultyPostgres postgres) throws IOException {
        this.postgres = postgres;
        folder = postgres.newFolder();
        blocked = folder.resolve("blocked");
        model = ScriptedModel.start(0, Script.of(Round.calls("u1__echo", "{}"), Round.says("ok")));
    }

    @BeforeEach
    void start() throws IOException {
        process = new GatewayProcess(launch(postgres.newDatabase()), folder);
        var http = new Http(process.awaitUrl());
        tenant = TenantDesk.existing(http, process.key("SALLYPORT_ADMIN_KEY"), "default");
        tenant.serve("u1", legacy.endpoint());
        tenant.serve("u2", modern.endpoint());
        tenant.policy(
                """
                rules:
                  - {id: all, effect: allow, tools: ["u1/echo", "u2/*"]}
                  - {id: people, effect: require_approval, tools: ["u1/ask"]}
                """);
        tenant.toolset("all", "*");
        tenant.model("plain", model.endpoint(), "any", "");
        tenant.model("tools", model.endpoint(), "any", ",\"toolset\":\"all\"");
    }

    private Process launch(DatabaseAddress database) throws IOException {
        var flags =
                List.of(
                        "-XX:+AllowRedefinitionToAddDeleteMethods",
                        "-XX:+EnableDynamicAgentLoading",
                        "-D" + WatchedGateway.FILE + "=" + blocked);
        var serve =
                List.of(
                        "serve",
                        "--dev",
                        "--port",
                        "0",
                        "--data",
                        folder.toString(),
                        "--database-url",
                        database.url(),
                        "--database-user",
                        database.user());
        var builder =
                new ProcessBuilder(
                        JavaProgram.instrumented(WatchedGateway.class.getName(), flags, serve));
        builder.environment().put("SALLYPORT_DATABASE_PASSWORD", database.password());
        return builder.redirectErrorStream(true).start();
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        process.kill();
        legacy.close();
        modern.close();
        model.close();
    }

    @Test
    void noEventLoopWaitsWhateverIsAsked() throws IOException, InterruptedException {
        var agent = tenant.agent();
        chats(agent, 200);
        sessions(agent);
        requests(agent);
        administers();
        refusals(agent);
        whileTheDatabaseIsSilent();
        process.stop();

        assertThat(Files.readAllLines(blocked))
                .anyMatch(it -> it.contains("WatchedGateway$Loop.run"))
                .allMatch(it -> it.contains("WatchedGateway$Loop.run"));
    }

    private void chats(String key, int status) {
        var chat = new Chat(tenant.http(), key);
        for (var alias : List.of("plain", "tools")) {
            assertThat(chat.ask(alias).status()).isEqualTo(status);
            assertThat(chat.stream(alias).status()).isEqualTo(status);
        }
    }

    private void sessions(String key) {
        var session = McpSession.open(tenant.http(), key);
        assertThat(session.toolNames()).contains("u1__echo", "u2__echo");
        try (var own = tenant.http().open(session.listen())) {
            assertThat(own.status()).isEqualTo(200);
            session.result("u1__echo", "{}");
            session.result("u2__echo", "{}");
            session.call("u1__ask", "{}").ok();
            session.call("u1__nothing", "{}").ok();
        }
        tenant.http().send(session.ask("").with("accept", "application/json, text/event-stream"));
        var end = Ask.of("DELETE", "/mcp").bearer(key).with("mcp-session-id", session.id());
        assertThat(tenant.http().send(end).status()).isEqualTo(204);
    }

    private void requests(String key) {
        var client = new ModernClient(tenant.http(), "/mcp", key);
        assertThat(client.toolNames()).contains("u1__echo", "u2__echo");
        client.call("u1__echo", "{}").ok();
        client.call("u2__echo", "{}").ok();
        client.call("u1__ask", "{}");
    }

    private void administers() {
        for (var path : List.of("keys", "servers", "models", "approvals", "toolsets", "tenants")) {
            tenant.admin(Ask.get("/admin/v1/" + path));
        }
        tenant.audit("kind=call.intent");
        tenant.admin(Ask.get("/admin/v1/audit/checkpoint")).ok();
        tenant.admin(Ask.put("/admin/v1/toolsets/one", "{\"tools\":[\"u1/echo\"]}")).ok();
        tenant.admin(Ask.put("/admin/v1/toolsets/one", "{\"tools\":"));
    }

    private void refusals(String key) {
        var http = tenant.http();
        for (var path : List.of("/v1/models", "/mcp", "/admin/v1/keys", "/nothing", "/livez")) {
            for (var method : List.of("GET", "POST", "DELETE", "PATCH")) {
                var ask = Ask.of(method, path);
                assertNotBroken(http.send(ask));
                assertNotBroken(http.send(ask.bearer("sp_nonsense")));
                assertNotBroken(http.send(ask.bearer(key)));
                assertNotBroken(http.send(ask.bearer(key).with("origin", "http://evil.example")));
                assertNotBroken(http.send(ask.bearer(key).json("{\"a\":1,\"a\":2}")));
            }
        }
        assertNotBroken(http.send(Ask.post("/v1/chat/completions", TOO_MUCH).bearer(key)));
        assertNotBroken(http.send(Ask.get("/.well-known/oauth-protected-resource/mcp")));
        assertNotBroken(http.send(Ask.get("/readyz")));
    }

    private static void assertNotBroken(Reply reply) {
        assertThat(reply.status()).isNotEqualTo(500);
    }

    /** By somebody who was not seen before. */
    private void whileTheDatabaseIsSilent() {
        var stranger = tenant.key("user:new", "agent");
        var other = tenant.key("user:other", "agent");
        postgres.freeze();
        try {
            chats(stranger, 503);
            var client = new ModernClient(tenant.http(), "/mcp", other);
            assertThat(client.call("u1__echo", "{}").status()).isEqualTo(503);
            assertThat(client.call("u1__ask", "{}").status()).isEqualTo(503);
            assertThat(tenant.admin(Ask.get("/admin/v1/audit")).status()).isEqualTo(503);
            refusals(other);
        } finally {
            postgres.thaw();
        }
        eventually().until(() -> tenant.http().send(Ask.get("/readyz")).status() == 200);
    }
}
