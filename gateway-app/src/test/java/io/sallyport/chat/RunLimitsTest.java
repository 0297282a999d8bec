package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.provider.RunLimits;
import io.sallyport.samples.model.Round;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLimitsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static RunLimits limits(int rounds, int calls, int perRound) {
        return new RunLimits(rounds, calls, perRound, SECOND, SECOND.multipliedBy(9), 1000, 3000);
    }

    private static Round[] always(int count) {
        return IntStream.range(0, count)
                .mapToObj(it -> Round.calls("weather__get_forecast", "{\"n\":" + it + "}"))
                .toArray(Round[]::new);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("CL-01: a model that always calls tools is stopped after its last round")
    void stopsAtTheRoundLimit(boolean stream) throws Exception {
        try (var loop = Loop.of(limits(3, 32, 16), always(9))) {
            var answer = loop.server().chat(Bodies.ask("agent", stream));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.finish()).isEqualTo("length");
            assertThat(answer.report().path("limit").asString()).isEqualTo("max_rounds");
            assertThat(loop.server().gate.names()).hasSize(3);
            assertThat(loop.model().requests()).hasSize(4);
            assertThat(loop.lastRequest().path("tool_choice").asString()).isEqualTo("none");
            assertThat(loop.server().records.nextEnd().status()).isEqualTo("limit");
        }
    }

    @Test
    @DisplayName("CL-01: the calls of a run are limited, and the last answer says so")
    void stopsAtTheCallLimit() throws Exception {
        var twice =
                Round.calls("weather__get_forecast", "{\"n\":1}").and("weather__get_alerts", "{}");
        try (var loop = Loop.of(limits(10, 3, 16), twice, twice, Round.says("Enough."))) {
            var answer = loop.server().chat(Bodies.ask("agent", false));

            assertThat(loop.server().gate.names()).hasSize(3);
            assertThat(answer.report().path("limit").asString()).isEqualTo("max_tool_calls");
            assertThat(answer.text()).isEqualTo("Enough.");
            assertThat(answer.finish()).isEqualTo("stop");
        }
    }

    @Test
    @DisplayName("CL-02: of 128 calls in one message only the round's cap runs")
    void capsTheCallsOfOneRound() throws Exception {
        var wide = Round.calls("weather__get_forecast", "{\"n\":0}");
        for (int n = 1; n < 128; n++) {
            wide = wide.and("weather__get_forecast", "{\"n\":" + n + "}");
        }
        try (var loop = Loop.of(limits(10, 32, 16), wide, Round.says("Done."))) {
            var answer = loop.server().chat(Bodies.ask("agent", false));

            assertThat(loop.server().gate.names()).hasSize(16);
            assertThat(loop.lastRequest().path("messages")).hasSize(2 + 128);
            assertThat(loop.message(2 + 16)).startsWith("Error: too_many_tool_calls");
            assertThat(answer.report().has("limit")).isFalse();
        }
    }

    @Test
    void theThirdIdenticalCallIsAnErrorWhateverItsKeyOrder() throws Exception {
        try (var loop =
                Loop.of(
                        limits(10, 32, 16),
                        Round.calls("weather__get_forecast", "{\"a\":1,\"b\":2}"),
                        Round.calls("weather__get_forecast", "{\"b\":2, \"a\":1}"),
                        Round.calls("weather__get_forecast", "{\"a\":1,\"b\":2}"),
                        Round.says("Done."))) {
            loop.server().chat(Bodies.ask("agent", false));

            assertThat(loop.server().gate.names()).hasSize(2);
            assertThat(loop.message(6)).startsWith("Error: repeated_call");
        }
    }

    @Test
    void aLongResultIsCutAtALineWithAMarker() throws Exception {
        try (var loop =
                Loop.of(
                        limits(10, 32, 16),
                        Round.calls("weather__get_forecast", "{}"),
                        Round.says("Done."))) {
            loop.server()
                    .gate
                    .answer(
                            "weather__get_forecast",
                            (_, _) -> FakeGate.completed("0123456789abcde\n".repeat(80)));
            loop.server().chat(Bodies.ask("agent", false));

            assertThat(loop.message(2))
                    .hasSizeLessThan(1100)
                    .matches("(?s).*e\n…\\[truncated 288 bytes, sha256 [0-9a-f]{64}]");
        }
    }

    @Test
    void theResultsOfARunAreLimitedTogether() throws Exception {
        try (var loop = Loop.of(limits(10, 32, 16), always(9))) {
            loop.server()
                    .gate
                    .answer("weather__get_forecast", (_, _) -> FakeGate.completed("x".repeat(900)));
            var answer = loop.server().chat(Bodies.ask("agent", false));

            assertThat(loop.server().gate.names()).hasSize(4);
            assertThat(answer.report().path("limit").asString()).isEqualTo("result_bytes");
        }
    }

    @Test
    void aRunWhoseTimeIsOverGetsOneLastAnswer() throws Exception {
        var clock = new MovingClock();
        try (var loop = Loop.of(limits(10, 32, 16), clock, always(9))) {
            loop.server()
                    .gate
                    .answer(
                            "weather__get_forecast",
                            (tool, _) -> {
                                clock.advance(Duration.ofSeconds(10));
                                return FakeGate.completed("late");
                            });
            var answer = loop.server().chat(Bodies.ask("agent", false));

            assertThat(answer.report().path("limit").asString()).isEqualTo("run_timeout");
            assertThat(loop.model().requests()).hasSize(2);
        }
    }

    @Test
    void aCallGetsNoMoreTimeThanTheRunHasLeft() throws Exception {
        var clock = new MovingClock();
        try (var loop =
                Loop.of(
                        new RunLimits(
                                10,
                                32,
                                16,
                                Duration.ofSeconds(8),
                                Duration.ofSeconds(9),
                                1000,
                                3000),
                        clock,
                        always(9))) {
            loop.server()
                    .gate
                    .answer(
                            "weather__get_forecast",
                            (tool, _) -> {
                                clock.advance(Duration.ofSeconds(4));
                                return FakeGate.completed("slow");
                            });
            loop.server().chat(Bodies.ask("agent", false));

            assertThat(loop.server().gate.received())
                    .extracting(it -> it.context().timeout().toSeconds())
                    .startsWith(8L, 5L, 1L);
        }
    }

    @Test
    void completionTokensAreOneBudgetOverAllRounds() throws Exception {
        try (var loop =
                Loop.of(
                        limits(10, 32, 16),
                        Round.calls("weather__get_forecast", "{\"n\":1}").costing(1, 10),
                        Round.calls("weather__get_forecast", "{\"n\":2}").costing(1, 10),
                        Round.calls("weather__get_forecast", "{\"n\":3}").costing(1, 10))) {
            var answer = loop.server().chat(Bodies.ask("agent", "\"max_completion_tokens\":25"));

            assertThat(loop.model().requests()).hasSize(3);
            assertThat(loop.lastRequest().path("max_completion_tokens").asInt()).isEqualTo(5);
            assertThat(answer.finish()).isEqualTo("length");
            assertThat(answer.report().path("limit").asString()).isEqualTo("max_completion_tokens");
        }
    }

    /** F18. */
    @Test
    void aBudgetOfMoreThanSixtyFourBitsIsPassedOnAsItIs() throws Exception {
        var budget = "100000000000000000000000";
        try (var loop =
                Loop.of(
                        limits(10, 32, 16),
                        Round.calls("weather__get_forecast", "{\"n\":1}").costing(1, 10),
                        Round.says("done"))) {
            var answer =
                    loop.server().chat(Bodies.ask("agent", "\"max_completion_tokens\":" + budget));

            assertThat(answer.finish()).isEqualTo("stop");
            assertThat(loop.lastRequest().path("max_completion_tokens").toString())
                    .isEqualTo(budget);
        }
    }

    /** A clock that a test moves. */
    private static final class MovingClock extends Clock {
        private final AtomicReference<Instant> now =
                new AtomicReference<>(ChatServer.CLOCK.instant());

        void advance(Duration by) {
            now.updateAndGet(it -> it.plus(by));
        }

        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
