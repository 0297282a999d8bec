package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A request that two readers could read differently is read by nobody. */
@ExtendWith(GatewayExtension.class)
class AmbiguousRequestTest {
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo", "delete_user");
    private final TenantDesk tenant;
    private McpSession mcp;
    private String key;

    AmbiguousRequestTest(RunningGateway gateway) {
        tenant = gateway.newTenant("ambiguous");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/echo");
        key = tenant.agent();
        mcp = McpSession.open(tenant.http(), key);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    @DisplayName("HP-01 a member that comes twice is refused on the MCP face")
    void refusesDuplicateMembersOnMcp() {
        var reply =
                mcp.post(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call",
                         "params":{"name":"u1__echo","arguments":{}}}\
                        """);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("error").path("code").asInt()).isIn(-32700, -32600);
        assertThat(reply.json().path("error").path("message").asString()).contains("duplicate key");
        assertNothingRan();
        assertRejected("duplicate_key");
    }

    @Test
    @DisplayName("HP-01 a member that comes twice is refused on the chat face")
    void refusesDuplicateMembersOnChat() {
        var reply =
                new Chat(tenant.http(), key)
                        .send(
                                """
                                {"model":"a","model":"b","messages":[]}\
                                """);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(Chat.errorCode(reply)).isEqualTo("duplicate_key");
        assertNothingRan();
        assertRejected("duplicate_key");
    }

    @Test
    @DisplayName("HP-01 a member that comes twice deep in the arguments is refused too")
    void refusesDuplicateMembersInArguments() {
        var reply = mcp.call("u1__echo", "{\"text\":\"a\",\"text\":\"b\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertNothingRan();
    }

    @Test
    @DisplayName("HP-03 members that differ in case only are refused")
    void refusesMembersInOtherCase() {
        var reply =
                mcp.post(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","Method":"tools/list",
                         "params":{"name":"u1__echo","Name":"u1__delete_user","arguments":{},
                         "Arguments":{"id":1}},"Params":{"name":"u1__delete_user"}}\
                        """);

        assertThat(reply.status()).isEqualTo(400);
        assertNothingRan();
    }

    @Test
    @DisplayName("HP-03 what was not asked for under its own name is never sent on")
    void sendsOnlyWhatItReadItself() {
        mcp.post(
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"u1__echo",
                 "Name":"u1__delete_user","arguments":{},"Arguments":{"id":1}}}\
                """);

        assertThat(upstream.calls())
                .allSatisfy(it ->
                        assertThat(it)
                                .contains("\"name\":\"echo\"")
                                .doesNotContain("Name", "Arguments", "delete_user"));
    }

    private void assertNothingRan() {
        assertThat(upstream.calls()).isEmpty();
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }

    private void assertRejected(String code) {
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .singleElement()
                        .matches(it -> it.toString().contains(code)));
    }
}
