package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.provider.RunLimits;
import io.sallyport.samples.model.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The record of a run, its claim and what its client is told are one story, whatever ends it. */
class EndOfRunTest {
    private static final String[] KEY = {"idempotency-key", "k1"};
    private static final Round CHANGES = Round.calls("notes__create_note", "{}");
    private static final Round DONE = Round.says("Done.");

    private static CompletableFuture<Answer> asked(Loop loop, boolean stream) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return loop.server().chat(Bodies.ask("agent", stream), KEY);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertClaim(Loop loop, String state) {
        await().untilAsserted(() -> assertThat(loop.server().claims.told).endsWith(state));
    }

    /** Nothing is under way any more, so there is nothing to stop. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatIsThereIsShownWhateverIsStoppedThen(boolean stream) throws Exception {
        try (var loop = Loop.of(CHANGES, DONE)) {
            loop.server().records.end = new CompletableFuture<>();
            var answer = asked(loop, stream);
            assertThat(loop.server().records.nextEnd().status()).isEqualTo("ok");

            loop.server().stops.stop();
            loop.server().records.end.complete(true);

            assertThat(answer.join().text()).isEqualTo("Done.");
            assertClaim(loop, "DELIVERED");
        }
    }

    /** Of its time 30 seconds are for the last answer, which this one has five of. */
    @Test
    void anAnswerThatIsThereIsShownAlthoughItsTimeIsOver() throws Exception {
        var standard = RunLimits.DEFAULT;
        var limits =
                new RunLimits(
                        standard.rounds(),
                        standard.callsPerRun(),
                        standard.callsPerRound(),
                        standard.callTimeout(),
                        Duration.ofSeconds(-25),
                        standard.resultBytes(),
                        standard.runResultBytes());
        try (var loop = Loop.of(limits, DONE)) {
            loop.server().records.end = new CompletableFuture<>();
            var answer = asked(loop, true);
            assertThat(loop.server().records.nextEnd().status()).isEqualTo("ok");

            assertThatThrownBy(() -> answer.get(6, TimeUnit.SECONDS))
                    .isInstanceOf(TimeoutException.class);
            loop.server().records.end.complete(true);

            assertThat(answer.join().text()).isEqualTo("Done.");
            assertClaim(loop, "DELIVERED");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aRunThatIsStoppedBeforeItsAnswerIsThereHasNone(boolean stream, boolean changes)
            throws Exception {
        var reads = Round.calls("weather__get_forecast", "{}");
        var slow = DONE.pausing(Duration.ofSeconds(20));
        try (var loop = Loop.of(changes ? CHANGES : reads, slow)) {
            var answer = asked(loop, stream);
            await().until(() -> loop.model().requests().size() == 2);

            loop.server().stops.stop();

            assertThat(answer.join().errorCode())
                    .isEqualTo(changes ? "run_failed_after_side_effects" : "stopped");
            assertThat(loop.server().records.nextEnd().status()).isEqualTo("stopped");
            assertClaim(loop, changes ? "FAILED" : FakeClaims.RELEASED);
        }
    }

    /** What is told of the stop must stay true. */
    @Test
    void aRunThatWasStoppedBeginsNoChange() throws Exception {
        var reads = Round.calls("weather__get_forecast", "{}").and("notes__create_note", "{}");
        try (var loop = Loop.of(reads, DONE)) {
            loop.server()
                    .gate
                    .answer(
                            "weather__get_forecast",
                            (_, _) -> {
                                loop.server().stops.stop();
                                return FakeGate.completed("late");
                            });
            var answer = asked(loop, false);

            assertThat(answer.join().errorCode()).isEqualTo("stopped");
            assertThat(loop.server().records.nextEnd().status()).isEqualTo("stopped");
            assertThat(loop.server().gate.names()).containsExactly("weather__get_forecast");
            assertClaim(loop, FakeClaims.RELEASED);
        }
    }

    /** A failure that is a consequence of the end is not told as one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatLeavesIsRecordedAsGone(boolean stream) throws Exception {
        try (var loop = Loop.of(CHANGES, DONE.pausing(Duration.ofSeconds(20)))) {
            try (var client = new RawClient(loop.server().url())) {
                client.post(
                        "/chat/completions",
                        Bodies.ask("agent", stream),
                        "idempotency-key: k1\r\n");
                await().until(() -> loop.model().requests().size() == 2);
            }

            assertThat(loop.server().records.nextEnd().status()).isEqualTo("client_gone");
            assertClaim(loop, "LEFT with journal");
        }
    }
}
