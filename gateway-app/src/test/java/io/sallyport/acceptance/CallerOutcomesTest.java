package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B1, of what ends a call although its server did nothing wrong with the connection: the rest of
 * docs/reference/outcomes.md.
 */
@Timeout(120)
@ExtendWith(GatewayExtension.class)
class CallerOutcomesTest {
    private static final String TOOL =
            """
            {"name":"wipe","inputSchema":{"type":"object"},"outputSchema":{"type":"object",\
            "required":["rows"],"properties":{"rows":{"type":"integer"}}}}\
            """;
    private static final String NOTHING = "nothing";
    private static final String CALL =
            """
            {"jsonrpc":"2.0","id":9,"method":"tools/call",\
            "params":{"name":"u1__wipe","arguments":{}}}\
            """;
    private static final String CANCEL =
            """
            {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}\
            """;

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing().tools(TOOL);
    private LogLines log;
    private McpSession mcp;

    CallerOutcomesTest(RunningGateway gateway) {
        tenant = gateway.newTenant("endings");
    }

    @BeforeEach
    void serve() {
        log = LogLines.begin();
        tenant.serve("u1", upstream.endpoint(), Map.of("wipe", "write"));
        tenant.allow("u1/*");
        tenant.toolset("all", "u1/*");
        mcp = McpSession.open(tenant.http(), tenant.agent());
    }

    @AfterEach
    void close() {
        upstream.close();
        log.close();
    }

    /** The same on both faces. */
    private void assertTold(String row, int sent) throws IOException {
        var text = OutcomeStory.text(mcp.result("u1__wipe", "{}"));
        var first = OutcomeStory.newest(tenant, log, text);
        var heard = OutcomeStory.askedByModel(tenant, "u1__wipe");

        assertThat(heard).isEqualTo("Error: " + text);
        assertThat(OutcomeStory.newest(tenant, log, text)).isEqualTo(first);
        assertThat(upstream.calls()).hasSize(2 * sent);
        OutcomeStory.assertOnPage(first.row(row));
    }

    @Test
    void aServerThatIsGone() throws IOException {
        upstream.close();

        assertTold("no longer listens", 0);
    }

    @Test
    void aToolThatSaysItFailed() throws IOException {
        upstream.onCall(
                ScriptedUpstream.answers(
                        "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"no space\"}]}"));

        assertTold("says that the tool failed", 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":[],\"structuredContent\":{\"rows\":\"many\"}}",
                "{\"content\":[],\"structuredContent\":{}}",
                "{\"content\":[{\"type\":\"text\",\"text\":\"3 rows\"}]}"
            })
    void aResultThatIsNotWhatTheToolPromised(String result) throws IOException {
        upstream.onCall(ScriptedUpstream.answers(result));

        assertTold("breaks its output schema", 1);
    }

    private void hold() {
        upstream.onCall(upstream.holds());
    }

    private void awaitArrival() {
        await().until(() -> upstream.calls().size() == 1);
    }

    /** Nobody is there to be told. */
    private void assertLeft(String row) throws IOException {
        await().untilAsserted(() -> assertThat(tenant.audit("kind=call.outcome")).hasSize(1));
        OutcomeStory.assertOnPage(OutcomeStory.newest(tenant, log, NOTHING).row(row));
        assertThat(upstream.calls()).hasSize(1);
    }

    @Test
    void aCallerWhoCancels() throws IOException {
        hold();
        var call = tenant.http().begin(mcp.ask(CALL));
        awaitArrival();

        mcp.post(CANCEL).ok();

        assertLeft("holds the call, and its client cancels");
        call.cancel(true);
    }

    @Test
    void aCallerWhoEndsTheSession() throws IOException {
        hold();
        var call = CompletableFuture.supplyAsync(() -> mcp.result("u1__wipe", "{}"));
        awaitArrival();

        tenant.http().send(mcp.end()).ok();

        OutcomeStory.assertOnPage(
                OutcomeStory.newest(tenant, log, OutcomeStory.text(call.join()))
                        .row("holds the call, and its client ends the session"));
        assertThat(upstream.calls()).hasSize(1);
    }

    @Test
    void aCallerWhoLeaves() throws IOException {
        hold();
        var modern = new ModernClient(tenant.http(), "/mcp", tenant.agent());
        var call = tenant.http().begin(modern.askCall("u1__wipe", "{}"));
        awaitArrival();

        call.cancel(true);

        assertLeft("holds the call, and its client leaves");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/u1/wipe", "servers/u1", "principals/user:ada"})
    void anAdminWhoStopsIt(String what) throws IOException {
        hold();
        var call = CompletableFuture.supplyAsync(() -> mcp.result("u1__wipe", "{}"));
        awaitArrival();

        tenant.admin(Ask.post("/admin/v1/" + what + "/stop", "{\"reason\":\"it leaks\"}")).ok();

        var text = OutcomeStory.text(call.join());
        OutcomeStory.assertOnPage(
                OutcomeStory.newest(tenant, log, text)
                        .row("holds the call, and an admin stops it"));
        assertThat(upstream.calls()).hasSize(1);
    }
}
