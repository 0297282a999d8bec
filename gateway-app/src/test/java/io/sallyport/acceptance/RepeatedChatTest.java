package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.chat.StreamGrammar;
import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Row D000: a client that gives up and asks again, as SDKs do by themselves, causes nothing twice
 * and gets its answer.
 */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(300)
class RepeatedChatTest {
    private static final String[] AGAIN = {"X-Stainless-Retry-Count", "1"};
    private static final String KEY = "Idempotency-Key";

    private final AuditedGateway gateway;
    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look", "wipe", "mark");
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private ScriptedModel model;
    private Chat chat;

    RepeatedChatTest(FaultyPostgres postgres) throws InterruptedException, IOException {
        gateway = AuditedGateway.start(postgres);
        tenant = gateway.tenant();
        model =
                ScriptedModel.start(
                        0, Script.of(Round.calls("w__wipe", "{}"), Round.says("{{results}}")));
    }

    @BeforeEach
    void serve() {
        tenant.serve("w", upstream.endpoint(), Map.of("wipe", "write", "mark", "write"));
        tenant.allow("w/*");
        tenant.toolset("all", "w/*");
        offer(model);
        chat = new Chat(tenant.http(), tenant.agent());
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
        gateway.close();
        upstream.close();
        model.close();
    }

    private void offer(ScriptedModel another) {
        tenant.model("m", another.endpoint(), "any", ",\"toolset\":\"all\"");
    }

    private void script(Round... rounds) throws IOException {
        model.close();
        model = ScriptedModel.start(0, Script.of(rounds));
        offer(model);
    }

    private static String question(boolean stream) {
        var question = Chat.question("m");
        return stream ? question.replace("\"messages\"", "\"stream\":true,\"messages\"") : question;
    }

    /** Calls wait until they may end. */
    private void holdCalls() {
        upstream.onCall((exchange, id) -> {
            try {
                mayEnd.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            ScriptedUpstream.says("done").answer(exchange, id);
        });
    }

    private CompletableFuture<Reply> asked(boolean stream, String... headers) {
        return CompletableFuture.supplyAsync(() -> chat.send(question(stream), headers));
    }

    /** Asks, and leaves when the tool has been called. */
    private void askAndLeave(boolean stream, String... headers) {
        var calls = upstream.calls().size();
        var ask = Ask.post("/v1/chat/completions", question(stream)).bearer(chat.key());
        for (int name = 0; name < headers.length; name += 2) {
            ask = ask.with(headers[name], headers[name + 1]);
        }
        var call = tenant.http().begin(ask);
        eventually().until(() -> upstream.calls().size() > calls);
        call.cancel(true);
        eventually().until(() -> ended("client_gone") > 0);
    }

    private long ended(String code) {
        return tenant.audit("kind=chat.response").stream()
                .filter(it -> it.path("code").asString("").equals(code))
                .count();
    }

    private long claims(String which) {
        return FaultyPostgres.count(
                gateway.database(), "select count(*) from chat_claim where " + which);
    }

    private static JsonNode report(Reply reply) {
        return reply.isStream()
                ? Stream.of(reply.body().split("\n"))
                        .filter(it -> it.contains("x_sallyport"))
                        .map(it -> Reply.parse(it.substring("data: ".length())))
                        .findFirst()
                        .orElseThrow()
                        .path("x_sallyport")
                : Chat.report(reply);
    }

    private static String run(Reply reply) {
        var run = report(reply.ok()).path("run_id").asString();
        assertThat(reply.header("x-sallyport-run-id")).isEqualTo(run);
        return run;
    }

    /** A stream says the same in pieces of another size. */
    private static void assertSame(Reply again, Reply first) {
        assertThat(run(again)).isEqualTo(run(first));
        if (!first.isStream()) {
            assertThat(again.body()).isEqualTo(first.body());
            return;
        }
        assertThat(text(again)).isEqualTo(text(first));
        assertThat(report(again)).isEqualTo(report(first));
        assertThat(again.body().substring(0, 60)).isEqualTo(first.body().substring(0, 60));
    }

    private static String text(Reply stream) {
        return StreamGrammar.payloads(stream.body()).stream()
                .filter(it -> !it.equals("[DONE]"))
                .map(it -> Reply.parse(it).at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining());
    }

    private void assertCalls(int count) {
        assertThat(upstream.calls()).hasSize(count);
        assertThat(tenant.audit("kind=call.intent")).hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRepetitionWaitsForTheRunThatIsUnderWayAndGetsItsAnswer(boolean stream) {
        holdCalls();
        var first = asked(stream);
        eventually().until(() -> upstream.calls().size() == 1);
        var second = asked(stream, AGAIN);
        eventually().until(() -> claims("awaited") == 1);
        mayEnd.countDown();

        assertSame(second.join(), first.join());
        assertThat(second.join().body()).contains("done");
        assertThat(model.requests()).hasSize(2);
        assertCalls(1);
    }

    /** Before and after the tool has ended. */
    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void aRunWhoseClientHasLeftGoesOnUnderTheNextRequest(boolean stream, boolean ended) {
        holdCalls();
        askAndLeave(stream);
        if (ended) {
            mayEnd.countDown();
            eventually().until(() -> claims("state = 'left'") == 1);
        }
        var second = asked(stream, AGAIN);
        if (!ended) {
            eventually().until(() -> claims("awaited") == 1);
            mayEnd.countDown();
        }

        assertThat(second.join().body()).contains("done");
        assertThat(report(second.join()).path("rounds").asInt()).isEqualTo(2);
        assertThat(model.requests()).hasSize(2);
        assertThat(model.requests().getLast()).contains("done");
        assertCalls(1);
        var starts = tenant.audit("kind=chat.request");
        assertThat(starts).allMatch(it -> it.path("run").asString().equals(run(second.join())));
        assertThat(starts.getFirst().path("reason").asString()).isEqualTo("repeats");
        assertThat(starts.getLast().has("reason")).isFalse();
        assertThat(tenant.audit("kind=chat.response")).hasSize(2);
        eventually().until(() -> claims("state <> 'delivered'") == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQuestionWhoseAnswerWasDeliveredIsANewOne(boolean stream) {
        var first = run(chat.send(question(stream)));

        assertThat(run(chat.send(question(stream), AGAIN))).isNotEqualTo(first);
        assertThat(run(chat.send(question(stream)))).isNotEqualTo(first);
        assertCalls(3);
    }

    /** It is the first attempt of somebody who asks anew. */
    @Test
    void whoeverDoesNotSayThatHeRepeatsBeginsAnew() {
        holdCalls();
        askAndLeave(false);
        mayEnd.countDown();

        chat.send(question(false)).ok();
        assertCalls(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeyGetsTheSameAnswerWhoeverOfThePrincipalAsks(boolean stream) {
        var first = chat.send(question(stream), KEY, "k1");
        var again = chat.send(question(stream), KEY, "k1");
        var other = new Chat(tenant.http(), tenant.agent());

        assertSame(again, first.ok());
        assertSame(other.send(question(stream), KEY, "k1"), first);
        assertThat(model.requests()).hasSize(2);
        assertCalls(1);
    }

    @Test
    void aKeyOfAnotherRequestIsAMistake() {
        chat.send(question(false), KEY, "k1").ok();

        for (var other : List.of(question(true), question(false).replace("Please", "Now"))) {
            var refused = chat.send(other, KEY, "k1");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(Chat.errorCode(refused)).isEqualTo("idempotency_mismatch");
        }
        var narrowed = chat.send(question(false), KEY, "k1", "X-Sallyport-Toolsets", "all");
        assertThat(Chat.errorCode(narrowed)).isEqualTo("idempotency_mismatch");
        assertThat(Chat.errorCode(chat.send(question(false), KEY, "k".repeat(256))))
                .isEqualTo("invalid_request");
        assertCalls(1);
    }

    @Test
    void theKeyOfSomebodyElseIsAnotherKey() {
        var first = run(chat.send(question(false), KEY, "k1"));
        var bob = new Chat(tenant.http(), tenant.key("user:bob", "agent"));

        assertThat(run(bob.send(question(false), KEY, "k1"))).isNotEqualTo(first);
        assertCalls(2);
    }

    @Test
    void aRepetitionWithAnotherCredentialIsNone() {
        holdCalls();
        askAndLeave(false);
        mayEnd.countDown();
        var other = new Chat(tenant.http(), tenant.agent());

        other.send(question(false), AGAIN).ok();
        assertCalls(2);
    }

    @Test
    void aKeyIsForgottenAfterItsTime() {
        var first = run(chat.send(question(false), KEY, "k1"));
        eventually().until(() -> claims("state = 'delivered'") == 1);
        FaultyPostgres.execute(
                gateway.database(), "update chat_claim set expires = now() - interval '1 s'");

        assertThat(run(chat.send(question(false), KEY, "k1"))).isNotEqualTo(first);
        assertCalls(2);
    }

    @Test
    void aRunThatOnlyReadsIsNotKept() throws IOException {
        script(Round.calls("w__look", "{}"), Round.says("{{results}}"));
        upstream.onCall((exchange, id) -> {
            assertThat(claims("true")).isZero();
            ScriptedUpstream.says("seen").answer(exchange, id);
        });

        assertThat(chat.send(question(false)).ok().body()).contains("seen");
        assertThat(claims("true")).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofThreeRepetitionsAtOnceOneRuns(boolean stream) {
        holdCalls();
        var all = Stream.of(1, 2, 3).map(_ -> asked(stream, AGAIN)).toList();
        eventually().until(() -> upstream.calls().size() == 1 && claims("awaited") == 1);
        mayEnd.countDown();

        assertThat(all.stream().map(CompletableFuture::join).map(RepeatedChatTest::run).distinct())
                .hasSize(1);
        assertCalls(1);
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

    private void awaitEnd() {
        try {
            mayEnd.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
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
                        + " since, awaited, journal, expires from chat_claim, generate_series(2, 2000) n");

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
                                "select c::text || encode(journal, 'escape') from chat_claim c"))
                .singleElement()
                .matches(it -> !it.contains("CANARY") && !it.contains("user:"));
    }
}
