package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ScriptedUpstream.Behaviour;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server does and says, and whether it is called on. */
@ExtendWith(GatewayExtension.class)
class ServerHealthTest {
    private static final int ENOUGH = 12;
    private static final int FIVE_MILLION = 5_000_000;
    private static final String STRICT =
            """
            {"name":"strict","inputSchema":{"type":"object"},"outputSchema":{"type":"object",
             "properties":{"n":{"type":"integer"}},"required":["n"]}}\
            """;

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing().tools(STRICT);
    private McpSession mcp;

    ServerHealthTest(RunningGateway gateway) {
        tenant = gateway.newTenant("health");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    static Stream<Behaviour> answers() {
        return Stream.of(
                ScriptedUpstream.errs(-32603, "no", "{}"),
                ScriptedUpstream.failsWith(404),
                ScriptedUpstream.failsWith(429),
                ScriptedUpstream.answers("{\"isError\":true,\"content\":[]}"),
                ScriptedUpstream.answers("{\"structuredContent\":{\"n\":\"x\"},\"content\":[]}"),
                ScriptedUpstream.says("x".repeat(FIVE_MILLION)));
    }

    /** H15. */
    @ParameterizedTest
    @MethodSource("answers")
    void aServerThatAnswersIsWell(Behaviour answer) {
        upstream.onCall(answer);
        for (int calls = 0; calls < ENOUGH; calls++) {
            mcp.result("u1__strict", "{}");
        }

        upstream.onCall(
                ScriptedUpstream.answers("{\"structuredContent\":{\"n\":1},\"content\":[]}"));

        assertThat(mcp.refusal("u1__strict", "{}")).isEmpty();
        assertThat(upstream.calls()).hasSize(ENOUGH + 1);
    }

    /** H15. */
    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void aServerThatFailsIsLeftAloneForSomeTime(int status) {
        upstream.onCall(ScriptedUpstream.failsWith(status));
        for (int calls = 0; calls < ENOUGH; calls++) {
            mcp.result("u1__strict", "{}");
        }

        assertThat(mcp.refusal("u1__strict", "{}")).isEqualTo("circuit_open");
        assertThat(upstream.calls()).hasSize(10);
        assertThat(lastError()).isEqualTo("upstream_unreachable: The server failed.");
    }

    /** Of a call no status is kept, and none is made up. */
    @Test
    void aCallThatIsNotAcceptedIsToldWithoutAStatus() {
        upstream.onCall(ScriptedUpstream.failsWith(401));

        mcp.result("u1__strict", "{}");

        assertThat(lastError())
                .isEqualTo(
                        "upstream_auth_required: The server wants a credential that it accepts.");
    }

    private String lastError() {
        return tenant.admin(Ask.get("/admin/v1/servers/u1"))
                .ok()
                .json()
                .path("last_error")
                .asString();
    }

    /** R12. */
    @Test
    void anAnswerThatIsTooLargeSaysThatTheToolRanAndHowLargeItWas() {
        upstream.onCall(ScriptedUpstream.says("x".repeat(FIVE_MILLION)));
        assertTooLarge("answer of 50");

        upstream.onCall(
                upstream.streams(
                        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[{\"type\":\"text\","
                                + "\"text\":\""
                                + "x".repeat(FIVE_MILLION)
                                + "\"}]}}"));
        assertTooLarge("more than");
    }

    private void assertTooLarge(String size) {
        var result = mcp.result("u1__strict", "{}");

        assertThat(result.at("/_meta/io.sallyport~1refusal").path("code").asString())
                .isEqualTo("response_too_large");
        assertThat(result.at("/_meta/io.sallyport~1refusal").path("ran").asBoolean(false)).isTrue();
        assertThat(result.path("content").path(0).path("text").asString())
                .contains("The tool ran", size, "4194304 bytes")
                .doesNotContain("could not be used");
        var outcome = tenant.audit("kind=call.outcome").getFirst();
        assertThat(outcome.path("status").asString()).isEqualTo("refused");
        assertThat(outcome.path("code").asString()).isEqualTo("response_too_large");
        assertThat(outcome.path("cause").asString()).isEqualTo("too_large");
    }

    /** R12, its sibling. */
    @Test
    void anAnswerThatDoesNotFitItsSchemaSaysThatTheToolRan() {
        upstream.onCall(
                ScriptedUpstream.answers("{\"structuredContent\":{\"n\":\"x\"},\"content\":[]}"));

        var result = mcp.result("u1__strict", "{}");

        assertThat(result.at("/_meta/io.sallyport~1refusal").path("code").asString())
                .isEqualTo("output_schema_violation");
        assertThat(result.at("/_meta/io.sallyport~1refusal").path("ran").asBoolean(false)).isTrue();
    }
}
