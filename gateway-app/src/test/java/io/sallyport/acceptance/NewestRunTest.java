package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.store.FaultyPostgres;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Row D000: which of several equal requests it is that is made again. */
class NewestRunTest extends RepeatedChat {
    NewestRunTest(FaultyPostgres postgres) throws InterruptedException {
        super(postgres);
    }

    /** Ends a run after it has changed something. */
    private String failedRun() throws IOException {
        script(Round.calls("w__wipe", "{}"), Round.fails(500));
        var failed = chat.send(question(false));
        assertThat(Chat.errorCode(failed)).isEqualTo("run_failed_after_side_effects");
        return failed.header("x-sallyport-run-id");
    }

    private void failsBeforeAnything() throws IOException {
        script(Round.fails(500));
        assertThat(chat.send(question(false)).status()).isEqualTo(502);
        script(Round.calls("w__wipe", "{}"), Round.says("{{results}}"));
    }

    @Test
    void whatIsAskedAnewIsNotAnsweredWithARunThatHadFailed() throws IOException {
        var before = failedRun();
        failsBeforeAnything();

        assertThat(run(chat.send(question(false), AGAIN))).isNotEqualTo(before);
        assertCalls(2);
    }

    @Test
    void whatIsAskedAnewDoesNotGoOnWithARunThatHadBeenLeft() throws IOException {
        holdCalls();
        askAndLeave(false);
        mayEnd.countDown();
        eventually().until(() -> claims("state = 'left'") == 1);
        failsBeforeAnything();

        chat.send(question(false), AGAIN).ok();
        assertCalls(2);
    }

    @Test
    void aRepetitionWaitsForTheRunThatBeganLast() throws IOException {
        var before = failedRun();
        script(Round.calls("w__wipe", "{}"), Round.says("{{results}}"));
        holdCalls();
        var first = asked(false);
        eventually().until(() -> upstream.calls().size() == 2);
        var second = asked(false, AGAIN);
        eventually().until(() -> claims("awaited") == 1);
        mayEnd.countDown();

        assertSame(second.join(), first.join());
        assertThat(run(second.join())).isNotEqualTo(before);
        assertCalls(2);
    }

    /** Only whoever has no answer asks again. */
    @Test
    void aRunThatWasLeftGoesOnOnceALaterOneWasAnswered() {
        holdCalls();
        askAndLeave(false);
        mayEnd.countDown();
        eventually().until(() -> claims("state = 'left'") == 1);
        var left = tenant.audit("kind=chat.request").getFirst().path("run").asString();
        assertThat(run(chat.send(question(false)))).isNotEqualTo(left);
        eventually().until(() -> claims("true") == 1);

        assertThat(run(chat.send(question(false), AGAIN))).isEqualTo(left);
        assertCalls(2);
    }
}
