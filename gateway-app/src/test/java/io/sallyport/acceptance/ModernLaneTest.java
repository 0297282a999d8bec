package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The 2026 revision at the gateway's own URLs. */
@ExtendWith(GatewayExtension.class)
class ModernLaneTest {
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "delete_user");
    private final TenantDesk tenant;
    private ModernClient mcp;
    private String key;

    ModernLaneTest(RunningGateway gateway) {
        tenant = gateway.newTenant("modern");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/echo");
        key = tenant.agent();
        mcp = new ModernClient(tenant.http(), "/mcp/servers/u1", key);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void discoveryNamesTheVersionAndWhatCanBeUsed() {
        var result = mcp.result("server/discover", "");

        assertThat(result.path("supportedVersions").toString()).isEqualTo("[\"2026-07-28\"]");
        assertThat(result.path("capabilities").has("tools")).isTrue();
        assertThat(result.path("capabilities").has("prompts")).isFalse();
        assertThat(result.path("resultType").asString()).isEqualTo("complete");
        assertThat(result.path("ttlMs").asInt(-1)).isNotNegative();
        assertThat(result.path("cacheScope").asString()).isEqualTo("private");
        assertThat(result.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asString())
                .isEqualTo("sallyport");
    }

    @ParameterizedTest
    @CsvSource({"/mcp, u1__echo", "/mcp/servers/u1, echo", "/mcp/toolsets/all, u1__echo"})
    void eachEndpointListsAndCallsByItsOwnNames(String path, String name) {
        tenant.toolset("all", "u1/*");
        var client = new ModernClient(tenant.http(), path, key);

        assertThat(client.toolNames()).containsExactly(name);
        var reply = client.call(name, "{\"text\":\"a\"}");

        assertThat(reply.header("content-type")).startsWith("application/json");
        assertThat(reply.json().at("/result/content/0/text").asString()).isEqualTo("done");
        assertThat(reply.json().at("/result/resultType").asString()).isEqualTo("complete");
        assertThat(reply.header("mcp-session-id")).isEmpty();
        assertThat(upstream.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mcp/servers/nonsense", "/mcp/toolsets/nonsense", "/mcp/servers/A!"})
    void anEndpointThatIsNotThereIsNotFound(String path) {
        var reply = new ModernClient(tenant.http(), path, key).send(mcp.ask("tools/list", ""));
        var asked = new ModernClient(tenant.http(), path, key);

        assertThat(reply.status()).isEqualTo(200); // sent to the path that it was made for
        assertThat(asked.send(asked.ask("tools/list", "")).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("MP-01 a name in the header that is not the body's runs nothing")
    void aNameThatDoesNotMatch() {
        var reply = mcp.send(mcp.askCall("delete_user", "{}").with("mcp-name", "echo"));

        assertFault(reply, 400, -32020);
        assertThat(upstream.calls()).isEmpty();
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected").toString())
                        .contains("header_mismatch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp-method", "mcp-name", "mcp-protocol-version"})
    @DisplayName("MP-01 a header that is wrong or empty runs nothing")
    void aHeaderThatDoesNotMatch(String header) {
        assertFault(mcp.send(mcp.askCall("echo", "{}").with(header, "nonsense")), 400, -32020);
        assertFault(mcp.send(mcp.askCall("echo", "{}").with(header, "")), 400, -32020);
        assertThat(upstream.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-06-18", "1999-01-01", "2027-01-01"})
    @DisplayName("MP-02 a version header that contradicts the body is a mismatch")
    void aVersionThatDoesNotMatch(String version) {
        var ask = mcp.askCall("echo", "{}").with("mcp-protocol-version", version);

        assertFault(mcp.send(ask), 400, -32020);
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    @DisplayName("MP-02 a body of the revision without the header is refused")
    void noVersionHeader() {
        var body = mcp.askCall("echo", "{}").body().orElseThrow();

        assertFault(mcp.send(mcp.raw(body)), 400, -32020);
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    @DisplayName(
            "MP-02 header and body that agree on a version that is not spoken are told which is")
    void aVersionThatIsNotSpoken() {
        var body = mcp.ask("server/discover", "").body().orElseThrow();
        var ask =
                mcp.raw(body.replace(ModernClient.VERSION, "1999-01-01"))
                        .with("mcp-protocol-version", "1999-01-01")
                        .with("mcp-method", "server/discover");

        var reply = mcp.send(ask);

        assertFault(reply, 400, -32022);
        assertThat(reply.json().at("/error/data").toString())
                .isEqualTo("{\"supported\":[\"2026-07-28\"],\"requested\":\"1999-01-01\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"initialize", "ping", "logging/setLevel", "resources/subscribe", "foo/bar"})
    @DisplayName("MP-06 methods that were removed or never were are not found")
    void unknownMethods(String method) {
        var reply = mcp.send(mcp.ask(method, ""));

        assertFault(reply, 404, -32601);
        assertThat(reply.json().path("id").isNumber()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"params\":{}",
                ",\"params\":{\"_meta\":{}}",
                ",\"params\":{\"_meta\":{\"io.modelcontextprotocol/clientCapabilities\":{}}}",
                ",\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}",
                ",\"params\":{\"_meta\":5}"
            })
    void aRequestWithoutItsMetaIsInvalid(String params) {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"" + params + "}";
        var ask =
                mcp.raw(body)
                        .with("mcp-protocol-version", ModernClient.VERSION)
                        .with("mcp-method", "tools/list");

        assertFault(mcp.send(ask), 400, -32602);
    }

    @Test
    void aNotificationIsAcceptedAndAResponseIsNot() {
        var notification =
                mcp.raw("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}")
                        .with("mcp-protocol-version", ModernClient.VERSION);
        var response =
                mcp.raw("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
                        .with("mcp-protocol-version", ModernClient.VERSION);

        assertThat(mcp.send(notification).status()).isEqualTo(202);
        assertFault(mcp.send(response), 400, -32600);
    }

    @Test
    void aSessionIdMeansNothingHere() {
        var reply = mcp.send(mcp.askCall("echo", "{}").with("mcp-session-id", "nonsense"));

        assertThat(reply.ok().json().has("result")).isTrue();
    }

    @Test
    void aToolThatIsNotListedIsUnknown() {
        var reply = mcp.call("delete_user", "{}");

        assertThat(reply.json().at("/error/code").asInt()).isEqualTo(-32602);
        assertThat(reply.json().at("/error/message").asString())
                .isEqualTo("Unknown tool: delete_user");
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    @DisplayName("HP-08 a batch is refused on this lane too")
    void aBatch() {
        var ask = mcp.ask("tools/list", "");
        var batch = mcp.raw("[" + ask.body().orElseThrow() + "]");

        var reply =
                mcp.send(
                        batch.with("mcp-protocol-version", ModernClient.VERSION)
                                .with("mcp-method", "tools/list"));

        assertFault(reply, 400, -32600);
    }

    private static void assertFault(Reply reply, int status, int code) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().at("/error/code").asInt()).as(reply.body()).isEqualTo(code);
    }
}
