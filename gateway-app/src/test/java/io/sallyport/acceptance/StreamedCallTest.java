package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What is told before a call is answered, and what ends a call before its time. */
@ExtendWith(GatewayExtension.class)
class StreamedCallTest {
    private static final String BOTH = "application/json, text/event-stream";
    private static final String DONE =
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}";

    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private final TenantDesk tenant;
    private ModernClient modern;
    private McpSession legacy;

    StreamedCallTest(RunningGateway gateway) {
        tenant = gateway.newTenant("streamed");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        var key = tenant.agent();
        modern = new ModernClient(tenant.http(), "/mcp/servers/u1", key);
        legacy = McpSession.open(tenant.http(), "/mcp/servers/u1", key);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void progressAndLogsComeBeforeTheAnswerOnOneStream() {
        upstream.onCall(
                upstream.streams(
                        progress(1), progress(1), log("debug"), log("error"), progress(3), DONE));
        var meta = ",\"progressToken\":\"mine\",\"io.modelcontextprotocol/logLevel\":\"warning\"";

        var reply =
                modern.send(
                        modern.ask("tools/call", "\"name\":\"echo\",\"arguments\":{},", meta)
                                .with("mcp-name", "echo"));

        assertThat(reply.isStream()).as(reply.body()).isTrue();
        assertThat(reply.header("x-accel-buffering")).isEqualTo("no");
        assertThat(reply.body()).doesNotContain("\nid:").doesNotStartWith("id:");
        assertThat(methods(reply.events()))
                .containsExactly(
                        "notifications/progress",
                        "notifications/message",
                        "notifications/progress",
                        "");
        assertThat(reply.events().getFirst().at("/params/progressToken").asString())
                .isEqualTo("mine");
        assertThat(reply.events().getLast().at("/result/resultType").asString())
                .isEqualTo("complete");
    }

    @Test
    void whatNobodyAskedToHearIsNotTold() {
        upstream.onCall(upstream.streams(log("error"), DONE));

        var reply = modern.call("echo", "{}");

        assertThat(reply.isStream()).isFalse();
        assertThat(reply.json().at("/result/content/0/text").asString()).isEqualTo("done");
    }

    @Test
    void aSessionHearsLogsFromTheLevelThatItSet() {
        upstream.onCall(upstream.streams(log("info"), log("error"), DONE));
        assertThat(called().isStream()).isFalse();

        legacy.post(
                        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"logging/setLevel\",\"params\":{\"level\":\"error\"}}")
                .ok();
        var reply = called();

        assertThat(methods(reply.events())).containsExactly("notifications/message", "");
    }

    private Reply called() {
        return tenant.http().send(legacy.ask(call(7)).with("accept", BOTH));
    }

    @Test
    void aClientThatReadsNoStreamsGetsTheAnswerAlone() {
        upstream.onCall(upstream.streams(progress(1), DONE));

        var reply =
                legacy.post(
                        call(1).replace(
                                        "\"params\":{",
                                        "\"params\":{\"_meta\":{\"progressToken\":1},"));

        assertThat(reply.isStream()).isFalse();
        assertThat(reply.json().has("result")).isTrue();
    }

    @Test
    void leavingIsCancellingIn2026() {
        upstream.onCall(upstream.holds());

        var call = tenant.http().begin(modern.askCall("echo", "{}"));
        await().until(() -> upstream.calls().size() == 1);
        call.cancel(true);

        await().untilAsserted(() -> assertThat(statuses()).containsExactly("indeterminate"));
    }

    @Test
    void aSessionCancelsByTheIdOfItsOwnRequest() {
        upstream.onCall(upstream.holds());
        var other = McpSession.open(tenant.http(), "/mcp/servers/u1", tenant.agent());

        var call = tenant.http().begin(legacy.ask(call(9)));
        await().until(() -> upstream.calls().size() == 1);
        other.post(cancel(9)).ok();
        legacy.post(cancel(8)).ok();
        assertThat(statuses()).isEmpty();
        assertThat(call.isDone()).isFalse();
        legacy.post(cancel(9)).ok();

        await().untilAsserted(() -> assertThat(statuses()).containsExactly("indeterminate"));
    }

    @Test
    void equalIdsInManySessionsNeverMeet() {
        var key = tenant.agent();
        var sessions =
                IntStream.range(0, 200)
                        .mapToObj(_ -> McpSession.open(tenant.http(), "/mcp/servers/u1", key))
                        .toList();
        upstream.onCall(ScriptedUpstream.says("done"));

        var texts =
                sessions.parallelStream()
                        .map(it -> it.post(call(1)).ok().json())
                        .map(it -> it.path("id") + it.at("/result/content/0/text").asString())
                        .distinct()
                        .toList();

        assertThat(texts).containsExactly("1done");
        assertThat(upstream.calls()).hasSize(200);
    }

    @Test
    @DisplayName("MP-09 a server that asks for what nobody offered is refused and the call goes on")
    void unaskedForRequests() {
        upstream.onCall(
                upstream.streams(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"sampling/createMessage\",\"params\":{\"messages\":[],\"maxTokens\":1}}",
                        "WAIT",
                        DONE));

        var reply = modern.call("echo", "{}");

        assertThat(reply.json().at("/result/content/0/text").asString()).isEqualTo("done");
        assertThat(upstream.answers()).singleElement().matches(it -> it.contains("-32601"));
        await().untilAsserted(() ->
                assertThat(tenant.audit("kind=request.rejected"))
                        .extracting(
                                it -> it.path("op").asString(), it -> it.path("reason").asString())
                        .contains(tuple("sampling/createMessage", "not_relayed")));
    }

    @Test
    @DisplayName("AR-03 links in a result are passed on and never followed")
    void links() {
        upstream.onCall(
                upstream.streams(
                        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"content\":[{\"type\":\"resource_link\",\"name\":\"a\",\"uri\":\"file:///etc/passwd\"},{\"type\":\"novel\",\"n\":1.10,\"m\":12345678901234567890.5}]}}"));

        var reply = modern.call("echo", "{}");

        assertThat(reply.body())
                .contains("file:///etc/passwd", "\"n\":1.10", "12345678901234567890.5")
                .doesNotContain("root:");
    }

    private List<String> statuses() {
        return tenant.audit("kind=call.outcome").stream()
                .map(it -> it.path("status").asString())
                .toList();
    }

    private static List<String> methods(List<JsonNode> messages) {
        return messages.stream().map(it -> it.path("method").asString("")).toList();
    }

    private static String call(int id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{}}}"
                .formatted(id);
    }

    private static String cancel(int id) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%d}}"
                .formatted(id);
    }

    private static String progress(int number) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":TOKEN,\"progress\":"
                + number
                + "}}";
    }

    private static String log(String level) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"%s\",\"data\":\"x\"}}"
                .formatted(level);
    }
}
