package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes get one clear answer, and whoever comes next is served. */
@ExtendWith(GatewayExtension.class)
class BadInputTest {
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private final TenantDesk tenant;
    private String key;
    private McpSession mcp;

    BadInputTest(RunningGateway gateway) {
        tenant = gateway.newTenant("mistakes");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        key = tenant.agent();
        mcp = McpSession.open(tenant.http(), key);
    }

    /** The tool still runs: nothing else was harmed. */
    @AfterEach
    void stillServes() {
        upstream.onCall(ScriptedUpstream.says("done"));
        if (mcp.toolNames().contains("u1__echo")) {
            assertThat(mcp.refusal("u1__echo", "{}")).isEmpty();
        }
        upstream.close();
    }

    @Test
    void aWrongKeyIsToldSoInTheShapeOfEachFace() {
        var wrong = "sp_0123456789abcdef_" + "0".repeat(72);
        var chat = new Chat(tenant.http(), wrong).ask("any");
        var admin = tenant.http().send(Ask.get("/admin/v1/keys").bearer(wrong));

        assertThat(chat.status()).isEqualTo(401);
        assertThat(Chat.errorCode(chat)).isEqualTo("invalid_api_key");
        assertThat(admin.status()).isEqualTo(401);
        assertThat(admin.header("content-type")).startsWith("application/problem+json");
    }

    @Test
    void anUnknownModelIsNotFound() {
        var reply = new Chat(tenant.http(), key).ask("gpt-none");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(Chat.errorCode(reply)).isEqualTo("model_not_found");
    }

    @Test
    void anUnknownToolIsAnErrorOfTheCall() {
        var error = mcp.call("u1__nonsense", "{}").json().path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asString()).isEqualTo("Unknown tool: u1__nonsense");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "nonsense", "[]", "\"a\"", "{\"model\":1}", "null", "{} {}"})
    void aBodyThatIsNoRequestIsRefused(String body) {
        var chat = new Chat(tenant.http(), key).send(body);
        var rpc = mcp.post(body);
        var admin = tenant.admin(Ask.post("/admin/v1/keys", body));

        assertThat(chat.status()).isEqualTo(400);
        assertThat(rpc.status()).isEqualTo(400);
        assertThat(rpc.json().path("error").path("code").asInt()).isIn(-32700, -32600);
        assertThat(admin.status()).isEqualTo(400);
        assertThat(admin.json().path("code").asString()).isNotEmpty();
        assertThat(chat.body() + rpc.body() + admin.body())
                .doesNotContain("Exception", "io.sallyport", "tools.jackson");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a"})
    void anUnknownMemberIsNamedWhereverItsNameIsCut(String start) {
        var name = start + "\ud83d\ude00".repeat(100);

        var reply = tenant.admin(Ask.post("/admin/v1/keys", "{\"" + name + "\":1}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("code").asString()).isEqualTo("unknown_member");
    }

    @Test
    void aServerThatIsDownCannotBeRegistered() {
        var reply = tenant.register("gone", URI.create("http://127.0.0.1:1/mcp"));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo("upstream_unreachable");
        assertThat(reply.body()).doesNotContain("127.0.0.1", "refused:");
    }

    @Test
    void theGatewayItselfIsNoServer() {
        var reply = tenant.register("self", URI.create(tenant.http().url() + "/mcp"));

        assertThat(reply.status()).isEqualTo(422);
    }

    @Test
    void aServerThatGoesDownIsToldAsAToolError() {
        try (var gone = ScriptedUpstream.listing("echo")) {
            tenant.serve("u2", gone.endpoint());
        }
        tenant.allow("u1/*", "u2/*");

        assertThat(mcp.refusal("u2__echo", "{}")).isEqualTo("upstream_error");
    }

    @Test
    void aProviderThatIsDownIsABadGateway() {
        tenant.model("down", URI.create("http://127.0.0.1:1/v1"), "any", "");

        var reply = new Chat(tenant.http(), key).ask("down");

        assertThat(reply.status()).isIn(502, 503, 504);
        assertThat(reply.body()).doesNotContain("127.0.0.1", "provider-key");
    }
}
