package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.store.FaultyPostgres;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row D000: a client that gives up and asks again, as SDKs do by themselves, causes nothing twice
 * and gets its answer.
 */
class RepeatedChatTest extends RepeatedChat {
    RepeatedChatTest(FaultyPostgres postgres) throws InterruptedException {
        super(postgres);
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
    void aKeyGetsTheSameAnswer(boolean stream) {
        var first = chat.send(question(stream), KEY, "k1");
        var again = chat.send(question(stream), KEY, "k1");

        assertSame(again, first.ok());
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

    /** It may be allowed less, and what was asked for must not run twice either. */
    @Test
    void anotherCredentialOfTheOwnerGetsNothingOfAKey() {
        chat.send(question(false), KEY, "k1").ok();
        var other = new Chat(tenant.http(), tenant.agent());

        var refused = other.send(question(false), KEY, "k1");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Chat.errorCode(refused)).isEqualTo("idempotency_mismatch");
        assertThat(refused.body()).doesNotContain("done");
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
}
