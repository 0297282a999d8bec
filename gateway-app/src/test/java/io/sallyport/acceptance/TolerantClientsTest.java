package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What honest clients send beside the letter of the protocol. */
@ExtendWith(GatewayExtension.class)
class TolerantClientsTest {
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\","
                    + "\"params\":{\"name\":\"u1__echo\",\"arguments\":{\"text\":\"%s\"}}}";
    private static final String GREETING =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
                    + "{\"protocolVersion\":\"%s\",\"capabilities\":{}}}";

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private String key;
    private McpSession session;

    TolerantClientsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("tolerant");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint());
        tenant.allow("u1/*");
        key = tenant.agent();
        session = McpSession.open(tenant.http(), key);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** E1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"name\":\"u1__echo\",\"arguments\":null",
                "\"name\":\"u1__echo\",\"_meta\":null",
                "\"name\":\"u1__echo\",\"arguments\":{},\"_meta\":{\"progressToken\":null}",
                "\"name\":\"u1__echo\",\"arguments\":{},\"inputResponses\":null,\"requestState\":null"
            })
    void nullIsAbsentInACallOfBothEras(String members) {
        var legacy =
                session.post(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{"
                                + members
                                + "}}");
        assertThat(legacy.json().at("/result/content/0/text").asString())
                .as(legacy.body())
                .isEqualTo("done");

        var modern = new ModernClient(tenant.http(), "/mcp", key);
        if (!members.contains("_meta")) {
            var ask = modern.ask("tools/call", members + ",").with("mcp-name", "u1__echo");
            assertThat(modern.send(ask).body()).contains("done");
        }
    }

    /** E1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"arguments\":[]",
                "\"arguments\":[],\"inputResponses\":[]",
                "\"arguments\":{\"text\":\"a\"},\"inputResponses\":[]"
            })
    void anEmptyListIsAnEmptyObjectInACallOfBothEras(String members) {
        var legacy = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{%s,%s}}";
        var name = "\"name\":\"u1__echo\"";
        assertThat(session.post(legacy.formatted(name, members + ",\"_meta\":[]")).body())
                .contains("done");

        var modern = new ModernClient(tenant.http(), "/mcp", key);
        var ask = modern.ask("tools/call", name + "," + members + ",");
        assertThat(modern.send(ask.with("mcp-name", "u1__echo")).body()).contains("done");
        assertThat(upstream.calls()).noneMatch(it -> it.contains("[]"));
    }

    /** E1. */
    @ParameterizedTest
    @ValueSource(strings = {"[[]]", "[{}]", "[null]", "[\"text\"]"})
    void aListThatIsNotEmptyIsNoArguments(String arguments) {
        assertThat(session.refusal("u1__echo", arguments)).isEqualTo("invalid_arguments");
        assertThat(upstream.calls()).isEmpty();
    }

    /** E1. */
    @Test
    void paramsMayBeAnEmptyListWhateverTheMethod() {
        var message = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[]}";

        assertThat(session.post(message.formatted("tools/list")).body()).contains("u1__echo");
        assertThat(session.post(message.formatted("ping")).json().at("/result").isObject())
                .isTrue();
        assertThat(session.post(message.formatted("tools/call")).body()).contains("params.name");
        var heard = message.formatted("notifications/initialized").replace("\"id\":1,", "");
        assertThat(session.post(heard).status()).isEqualTo(202);
    }

    /** E1. */
    @Test
    void nullIsAbsentInListsToo() {
        var list = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":%s}";

        for (var params : new String[] {"null", "{\"cursor\":null}", "{\"_meta\":null}"}) {
            assertThat(session.post(list.formatted(params)).body()).contains("u1__echo");
        }
    }

    /** E1. */
    @Test
    void aCallWithoutAnIdOrWithNullForOneNeverRuns() {
        var none = session.post(CALL.formatted("null", "a"));
        var absent = session.post(CALL.formatted("1", "a").replace("\"id\":1,", ""));

        assertThat(none.json().at("/error/code").asInt()).isEqualTo(-32600);
        assertThat(absent.status()).isEqualTo(202);
        assertThat(upstream.calls()).isEmpty();
        assertThat(tenant.audit("kind=call.intent")).isEmpty();
    }

    /** E3. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf8",
                "application/json;charset=\"UTF8\"",
                "Application/JSON; Charset=Utf8; x=y"
            })
    void utf8IsUtf8WithoutItsDash(String type) {
        var ask = session.ask(CALL.formatted("1", "a")).with("content-type", type);

        assertThat(tenant.http().send(ask).body()).contains("done");
    }

    private Ask inSession(String version, String body) {
        var greeting =
                tenant.http().send(Ask.post("/mcp", GREETING.formatted(version)).bearer(key)).ok();
        return Ask.post("/mcp", body)
                .bearer(key)
                .with("mcp-session-id", greeting.header("mcp-session-id"));
    }

    private static String batch(String... ids) {
        return Stream.of(ids)
                .map(it -> CALL.formatted(it, "a"))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** B11. */
    @ParameterizedTest
    @ValueSource(strings = {"", "2024-11-05", "2025-03-26"})
    void aSessionOf20241105IsServedAsTheNextRevision(String header) {
        var greeting =
                tenant.http()
                        .send(Ask.post("/mcp", GREETING.formatted("2024-11-05")).bearer(key))
                        .ok();
        assertThat(greeting.json().at("/result/protocolVersion").asString())
                .isEqualTo("2024-11-05");

        for (var body : new String[] {CALL.formatted("1", "a"), batch("2", "3")}) {
            var ask =
                    Ask.post("/mcp", body)
                            .bearer(key)
                            .with("mcp-session-id", greeting.header("mcp-session-id"));
            var sent = header.isEmpty() ? ask : ask.with("mcp-protocol-version", header);
            assertThat(tenant.http().send(sent).ok().body()).contains("done");
        }
        assertThat(upstream.calls()).hasSize(3);
    }

    /** B11. */
    @ParameterizedTest
    @CsvSource({
        "2024-10-07, 2024-10-07",
        "latest, latest",
        "'2025-06-18,2025-03-26', '2025-06-18,2025-03-26'",
        "2025-06-18\t(beta), 2025-06-18\\u{9}(beta)"
    })
    void aVersionThatIsNotSpokenIsNamedWithThoseThatAre(String sent, String shown) {
        var ask = session.ask(CALL.formatted("1", "a")).with("mcp-protocol-version", sent);

        var reply = tenant.http().send(ask);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").asString())
                .isEqualTo(
                        "Invalid request: unsupported MCP-Protocol-Version \"%s\": sessions speak"
                                        .formatted(shown)
                                + " 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05, requests without a"
                                + " session 2026-07-28");
        assertThat(upstream.calls()).isEmpty();
    }

    /** B11. */
    @Test
    void aLongVersionIsCut() {
        var sent = "1".repeat(1_000);
        var ask = session.ask(CALL.formatted("1", "a")).with("mcp-protocol-version", sent);

        assertThat(tenant.http().send(ask).json().at("/error/message").asString())
                .hasSizeLessThan(400)
                .contains("2024-11-05");
    }

    /** E3. */
    @Test
    void eachMessageOfABatchIsACallOfItsOwn() {
        var body =
                "[%s,{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},%s,%s]"
                        .formatted(
                                CALL.formatted("1", "a"),
                                CALL.formatted("\"1\"", "b").replace("u1__echo", "u1__none"),
                                CALL.formatted("2.5", "c"));

        var reply = tenant.http().send(inSession("2025-03-26", body));

        assertThat(reply.status()).isEqualTo(200);
        var answers = reply.json();
        assertThat(answers.valueStream().map(it -> it.path("id").toString()))
                .containsExactlyInAnyOrder("1", "\"1\"", "2.5");
        assertThat(reply.body()).contains("Unknown tool: u1__none");
        assertThat(upstream.calls()).hasSize(2);
        assertThat(tenant.audit("kind=call.intent")).hasSize(2);
        assertThat(tenant.audit("kind=call.outcome")).hasSize(2);
        assertThat(tenant.audit("kind=call.denied")).hasSize(1);
    }

    /** E3. */
    @Test
    void aBatchOfNotificationsHasNoAnswer() {
        var body =
                "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\",\"params\":null}]";

        assertThat(tenant.http().send(inSession("2025-03-26", body)).status()).isEqualTo(202);
    }

    /** E3. */
    @ParameterizedTest
    @ValueSource(strings = {"2025-06-18", "2025-11-25", "2026-07-28"})
    void noOtherRevisionHasBatches(String version) {
        assertNothingRuns(inSession(version, batch("1", "2")));
    }

    /** E3. */
    @Test
    void aFaultAnywhereInABatchMeansThatNothingOfItRuns() {
        var call = CALL.formatted("1", "a");
        for (var body :
                new String[] {
                    "[]",
                    batch(ids(21)),
                    batch("1", "1"),
                    batch("1", "1.0"),
                    batch("\"a\"", "\"a\""),
                    batch("1", "null"),
                    "[" + call + "," + GREETING.formatted("2025-03-26") + "]",
                    "[" + call + ",7]",
                    "[" + call + ",[" + CALL.formatted("2", "b") + "]]",
                    "[" + call + "," + CALL.formatted("2", "b").replace("method", "Method") + "]"
                }) {
            assertNothingRuns(inSession("2025-03-26", body));
        }
        assertNothingRuns(
                inSession("2025-03-26", batch("1")).with("mcp-protocol-version", "2025-11-25"));
        assertNothingRuns(Ask.post("/mcp", batch("1")).bearer(key));
        assertThat(tenant.http().send(inSession("2025-03-26", batch(ids(20)))).json().size())
                .isEqualTo(20);
    }

    /** F13. */
    @Test
    void whatIsCancelledBeforeItsTurnInABatchDoesNotRun() {
        upstream.onCall(upstream.holds());
        var ask = inSession("2025-03-26", batch("1", "2", "3"));
        var reply = CompletableFuture.supplyAsync(() -> tenant.http().send(ask));
        await().until(() -> upstream.calls().size() == 1);

        cancel(ask, 3);
        upstream.onCall(ScriptedUpstream.says("done"));
        cancel(ask, 1);

        assertThat(reply.join().json().valueStream().map(it -> it.path("id").asInt()))
                .containsExactly(2);
        assertThat(upstream.calls()).hasSize(2);
        assertThat(tenant.audit("kind=call.intent")).hasSize(2);
    }

    /** F13. What had begun may have run, and what had not did not. */
    @Test
    void whatIsLeftOfABatchWhoseSessionEndsIsAnswered() {
        upstream.onCall(upstream.holds());
        var ask = inSession("2025-03-26", batch("1", "2"));
        var reply = CompletableFuture.supplyAsync(() -> tenant.http().send(ask));
        await().until(() -> upstream.calls().size() == 1);

        tenant.http().send(new Ask("DELETE", "/mcp", ask.headers(), Optional.empty())).ok();

        var answers = reply.join().json();
        assertThat(answers.at("/0/result/content/0/text").asString()).endsWith("may have run.");
        assertThat(answers.at("/1/error/message").asString()).endsWith("before its turn came");
        assertThat(upstream.calls()).hasSize(1);
        assertThat(tenant.audit("kind=call.intent")).hasSize(1);
    }

    private void cancel(Ask ask, int id) {
        tenant.http()
                .send(
                        ask.json(
                                """
                                {"jsonrpc":"2.0","method":"notifications/cancelled",
                                 "params":{"requestId":%d}}\
                                """
                                        .formatted(id)))
                .ok();
    }

    private static String[] ids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toArray(String[]::new);
    }

    private void assertNothingRuns(Ask ask) {
        var before = upstream.calls().size();

        var reply = tenant.http().send(ask);

        assertThat(reply.status()).as(ask.toString()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").asInt()).isEqualTo(-32600);
        assertThat(upstream.calls()).hasSize(before);
    }
}
