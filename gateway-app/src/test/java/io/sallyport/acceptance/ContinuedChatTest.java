package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.store.FaultyPostgres;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row D000: where a run goes on that its client has left, and what of it is kept. */
class ContinuedChatTest extends RepeatedChat {
    ContinuedChatTest(FaultyPostgres postgres) throws InterruptedException {
        super(postgres);
    }

    /** The first one is not seen to have left, as behind a proxy. */
    @Test
    void ofARequestAndItsRepetitionOneMayChangeSomething() throws IOException {
        script(
                Round.calls("w__look", "{}"),
                Round.calls("w__wipe", "{}"),
                Round.says("{{results}}"));
        holdCalls();
        var first = asked(false);
        eventually().until(() -> upstream.calls().size() == 1);
        var second = asked(false, AGAIN);
        eventually().until(() -> upstream.calls().size() == 2);
        mayEnd.countDown();

        assertThat(second.join().ok().body()).contains("done");
        assertThat(first.join().status()).isEqualTo(503);
        assertThat(Chat.errorCode(first.join())).isEqualTo("repeated_attempt");
        assertThat(upstream.calls()).filteredOn(it -> it.contains("wipe")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"again", "key"})
    void aRunThatFailedAfterItChangedSomethingIsNotMadeAgain(String how) throws IOException {
        script(Round.calls("w__wipe", "{}"), Round.fails(500));
        var headers = how.equals("key") ? new String[] {KEY, "k1"} : new String[0];
        var first = chat.send(question(false), headers);
        var second = chat.send(question(false), how.equals("key") ? headers : AGAIN);

        assertThat(Chat.errorCode(first)).isEqualTo("run_failed_after_side_effects");
        assertThat(Chat.errorCode(second)).isEqualTo("run_failed_after_side_effects");
        assertThat(second.header("x-should-retry")).isEqualTo("false");
        assertThat(second.header("x-sallyport-run-id"))
                .isEqualTo(first.header("x-sallyport-run-id"));
        assertCalls(1);
    }

    @Test
    void aRunThatFailedBeforeItChangedAnythingIsMadeAgain() throws IOException {
        script(Round.fails(500));
        assertThat(chat.send(question(false), KEY, "k1").status()).isEqualTo(502);
        assertThat(claims("true")).isZero();
        script(Round.calls("w__wipe", "{}"), Round.says("{{results}}"));

        assertThat(chat.send(question(false), KEY, "k1").ok().body()).contains("done");
        assertCalls(1);
    }

    /** What was stopped meanwhile is stopped for whoever goes on, too. */
    @Test
    void whoeverGoesOnIsJudgedAnew() throws IOException {
        script(
                Round.calls("w__wipe", "{}").and("w__mark", "{}"),
                Round.calls("w__mark", "{\"text\":\"x\"}"),
                Round.says("{{results}}"));
        holdCalls();
        askAndLeave(false);
        tenant.admin(Ask.post("/admin/v1/tools/w/mark/stop", "{\"reason\":\"no\"}")).ok();
        mayEnd.countDown();

        var statuses =
                report(chat.send(question(false), AGAIN).ok()).path("tool_calls").valueStream();
        assertThat(statuses.map(it -> it.path("status").asString()))
                .containsExactly("ok", "tool_not_offered", "tool_not_offered");
        assertCalls(1);
    }

    /** Of a round that was left in its middle, what had not begun runs now, and once. */
    @Test
    void theRestOfARoundRunsWhenSomebodyGoesOn() throws IOException {
        script(
                Round.calls("w__look", "{}").and("w__wipe", "{}").and("w__mark", "{}"),
                Round.says("{{results}}"));
        upstream.onCall((exchange, id) -> {
            if (upstream.calls().getLast().contains("wipe")) {
                awaitEnd();
            }
            ScriptedUpstream.says("done").answer(exchange, id);
        });
        var call =
                tenant.http()
                        .begin(
                                Ask.post("/v1/chat/completions", question(false))
                                        .bearer(chat.key()));
        eventually().until(() -> upstream.calls().size() == 2);
        call.cancel(true);
        eventually().until(() -> ended("client_gone") == 1);
        mayEnd.countDown();

        var reply = chat.send(question(false), AGAIN).ok();
        assertThat(report(reply).path("tool_calls").valueStream())
                .allMatch(it -> it.path("status").asString().equals("ok"))
                .hasSize(3);
        assertCalls(3);
    }

    @Test
    void anAnswerThatIsTooLargeIsNotKept() throws IOException {
        script(Round.calls("w__wipe", "{}"), Round.says("x".repeat(600_000)));
        chat.send(question(false), KEY, "k1").ok();

        assertThat(Chat.errorCode(chat.send(question(false), KEY, "k1")))
                .isEqualTo("run_failed_after_side_effects");
        assertCalls(1);
    }

    @Test
    void aPrincipalHasSoManyRunsThatAreKept() {
        chat.send(question(false), KEY, "k1").ok();
        FaultyPostgres.execute(
                gateway.database(),
                "insert into chat_claim select tenant, run || n, identity || n, fingerprint,"
                        + " principal, keyed, exclusive, state, generation, writer, epoch, until,"
                        + " since, awaited, journal, expires from chat_claim, generate_series(2, 2000) n"
                        + " where tenant = '"
                        + tenant.id()
                        + "'");

        var refused = chat.send(question(false), KEY, "k2");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isNotEmpty();
        var bob = new Chat(tenant.http(), tenant.key("user:bob", "agent"));
        bob.send(question(false), KEY, "k2").ok();
        assertCalls(2);
    }

    /** Nothing that somebody said is in the table in clear. */
    @Test
    void whatIsKeptIsSealed() {
        upstream.onCall(ScriptedUpstream.says("CANARY"));
        chat.send(question(false), KEY, "KEYCANARY").ok();

        assertThat(
                        FaultyPostgres.column(
                                gateway.database(),
                                "select c::text || encode(journal, 'escape') from chat_claim c"
                                        + " where tenant = ?",
                                tenant.id()))
                .singleElement()
                .matches(it -> !it.contains("CANARY") && !it.contains("user:"));
    }
}
