package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, cursors and streams belong to whoever they were made for. */
@ExtendWith(GatewayExtension.class)
class SessionsTest {
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    private final ScriptedUpstream upstream =
            ScriptedUpstream.listing(
                    IntStream.range(0, 260).mapToObj("t%03d"::formatted).toArray(String[]::new));
    private final TenantDesk tenant;
    private String ada;
    private McpSession session;

    SessionsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("sessions");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        ada = tenant.agent();
        session = McpSession.open(tenant.http(), ada);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    @DisplayName("AT-16 a session of another does not exist, whatever is asked of it")
    void foreignSessions() {
        var eve = tenant.key("user:eve", "agent");
        var post = Ask.post("/mcp", LIST);
        var get = Ask.get("/mcp").with("accept", "text/event-stream");

        for (var ask : new Ask[] {post, get, Ask.of("DELETE", "/mcp")}) {
            var foreign = ask.bearer(eve).with("mcp-session-id", session.id());
            assertThat(tenant.http().send(foreign).status()).isEqualTo(404);
        }
        var elsewhere = Ask.post("/mcp/servers/u1", LIST).bearer(ada);
        assertThat(tenant.http().send(elsewhere.with("mcp-session-id", session.id())).status())
                .isEqualTo(404);

        assertThat(session.toolNames()).isNotEmpty();
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .hasSize(4)
                        .allMatch(it -> it.toString().contains("foreign_session")));
    }

    @Test
    @DisplayName("SR-04 the event id of another session brings nothing")
    void noResumption() {
        var other = McpSession.open(tenant.http(), ada);

        try (var stream = tenant.http().open(other.listen().with("last-event-id", session.id()))) {
            assertThat(stream.status()).isEqualTo(200);
            tenant.allow("u1/t000");
            await().until(() -> !stream.messages().isEmpty());
            assertThat(stream.methods()).containsOnly("notifications/tools/list_changed");
            assertThat(stream.lines()).noneMatch(it -> it.startsWith("id:"));
        }
    }

    @Test
    void endingASessionEndsItsStream() {
        try (var stream = tenant.http().open(session.listen())) {
            assertThat(tenant.http().send(session.end()).status()).isEqualTo(204);
            await().until(stream::isOver);
            assertThat(session.post(LIST).status()).isEqualTo(404);
        }
    }

    @Test
    void aModernStreamIsAcknowledgedFirstAndToldOnlyWhatItAskedFor() {
        var modern = new ModernClient(tenant.http(), "/mcp", ada);
        var tools =
                modern.ask(
                        "subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},");
        var nothing = modern.ask("subscriptions/listen", "\"notifications\":{},");
        try (var wants = tenant.http().open(tools);
                var wantsNot = tenant.http().open(nothing)) {
            await().until(() -> !wants.messages().isEmpty() && !wantsNot.messages().isEmpty());
            tenant.allow("u1/t000");
            await().until(() -> wants.messages().size() > 1);

            assertThat(wants.methods())
                    .containsExactly(
                            "notifications/subscriptions/acknowledged",
                            "notifications/tools/list_changed");
            assertThat(wants.messages())
                    .allMatch(it ->
                            it.at("/params/_meta/io.modelcontextprotocol~1subscriptionId")
                                    .isNumber());
            assertThat(wantsNot.messages()).hasSize(1);
        }
    }

    @Test
    @DisplayName("MP-12 a cursor is good for its own list and caller only")
    void cursors() {
        var modern = new ModernClient(tenant.http(), "/mcp", ada);
        var eve = new ModernClient(tenant.http(), "/mcp", tenant.key("user:eve", "agent"));
        var first = modern.result("tools/list", "\"cursor\":\"\",");
        var cursor = first.path("nextCursor").asString();
        var flipped = (cursor.charAt(0) == 'A' ? 'B' : 'A') + cursor.substring(1);

        assertThat(first.path("tools").size()).isEqualTo(250);
        var second = modern.result("tools/list", "\"cursor\":\"" + cursor + "\",");
        assertThat(second.path("tools").size()).isEqualTo(10);
        assertThat(second.has("nextCursor")).isFalse();
        assertInvalid(eve, cursor);
        assertInvalid(modern, flipped);
        assertInvalid(modern, "../../x");
    }

    private static void assertInvalid(ModernClient client, String cursor) {
        var reply = client.send(client.ask("tools/list", "\"cursor\":\"" + cursor + "\","));
        assertThat(reply.json().at("/error/code").asInt()).as(reply.body()).isEqualTo(-32602);
    }

    @Test
    @DisplayName("HP-08 a batch is refused and nothing in it runs")
    void batches() {
        var reply = session.post("[" + LIST + "," + LIST + "]");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").asInt()).isEqualTo(-32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "true"})
    @DisplayName("HP-11 an id that is neither text nor number is refused")
    void ids(String id) {
        var reply = session.post(LIST.replace("\"id\":1", "\"id\":" + id));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").asInt()).isEqualTo(-32600);
    }

    @Test
    @DisplayName("HP-11 a long id is refused, and a call without one runs nothing")
    void longAndAbsentIds() {
        var longId = "\"id\":\"" + "x".repeat(10_000) + "\"";
        var call =
                "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"u1__t000\",\"arguments\":{}}}";

        assertThat(session.post(LIST.replace("\"id\":1", longId)).status()).isEqualTo(400);
        assertThat(session.post(call).status()).isEqualTo(202);
        assertThat(upstream.calls()).isEmpty();
    }
}
