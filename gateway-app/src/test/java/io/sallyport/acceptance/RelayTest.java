package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What servers may ask of clients, and what becomes of questions that nobody will answer. */
@ExtendWith(GatewayExtension.class)
class RelayTest {
    private static final String ABLE =
            "{\"elicitation\":{\"form\":{\"x\":\"canary\"},\"canary\":{}},\"sampling\":{},\"canary\":{}}";
    private static final String WANTS_SAMPLING =
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resultType\":\"input_required\",\"requestState\":\"s\","
                    + "\"inputRequests\":{\"a\":{\"method\":\"sampling/createMessage\",\"params\":{\"messages\":[],\"maxTokens\":1}}}}}";
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private final TenantDesk tenant;

    RelayTest(RunningGateway gateway) {
        tenant = gateway.newTenant("relays");
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private ModernClient client() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        return new ModernClient(tenant.http(), "/mcp/servers/u1", tenant.agent(), ABLE);
    }

    @Test
    void aServerThatAsksForWhatItsSettingsDoNotLetPassIsNotPassedOn() {
        upstream.modern();
        upstream.onCall(upstream.streams(WANTS_SAMPLING));

        var reply = client().call("echo", "{}").ok();

        assertThat(reply.body())
                .contains("upstream_protocol_error")
                .doesNotContain("inputRequests", "sampling", "requestState");
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .anyMatch(
                                it -> it.path("op").asString("").equals("sampling/createMessage")));
    }

    @Test
    void nothingOfTheClientsOwnWordsIsDeclaredToAServer() {
        upstream.modern();
        client().call("echo", "{}").ok();

        assertThat(upstream.calls())
                .singleElement()
                .matches(it -> it.contains("\"elicitation\":{\"form\":{}}"))
                .matches(it -> !it.contains("canary") && !it.contains("sampling"));
    }
}
