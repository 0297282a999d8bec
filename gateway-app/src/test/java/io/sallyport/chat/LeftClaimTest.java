package io.sallyport.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import org.springframework.web.server.WebFilter;

/** Whoever has a claim tells its end, wherever the client leaves. */
class LeftClaimTest {
    private static final String KEY = "idempotency-key: k1\r\n";

    /** It is there, although its record is not on disk yet. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatLeavesWhileTheEndIsRecordedHasMissedAnAnswer(boolean stream) throws Exception {
        try (var loop = Loop.of(Round.calls("weather__get_forecast", "{}"), Round.says("Sunny."))) {
            loop.server().records.end = new CompletableFuture<>();
            try (var client = new RawClient(loop.server().url())) {
                client.post("/chat/completions", Bodies.ask("agent", stream), KEY);
                assertThat(loop.server().records.nextEnd().status()).isEqualTo("ok");
            }

            await().untilAsserted(() ->
                    assertThat(loop.server().claims.told).endsWith("LEFT with journal"));
        }
    }

    /** Cancels what is asked for when it looks at the clock for the second time. */
    private static final class Leaving extends Clock {
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicReference<Optional<Subscription>> asked =
                new AtomicReference<>(Optional.empty());

        WebFilter watch() {
            return (exchange, chain) ->
                    chain.filter(exchange)
                            .doOnSubscribe(it -> {
                                asked.set(Optional.of(it));
                                looks.set(0);
                            });
        }

        @Override
        public Instant instant() {
            if (looks.incrementAndGet() == 2) {
                asked.get().ifPresent(Subscription::cancel);
            }
            return Instant.EPOCH;
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

    /** Often: whether the run's thread has begun by then is up to the machine. */
    @Test
    void aClientThatLeavesBeforeTheRunBeginsLeavesItAsItWasFound() throws IOException {
        try (var model = ScriptedModel.start(0, Script.of(Round.says("unused")))) {
            var clock = new Leaving();
            try (var server = ChatServer.of(Tenant.at(model.endpoint()), clock, clock.watch())) {
                for (int turn = 1; turn <= 50; turn++) {
                    var runs = turn;
                    try (var client = new RawClient(server.url())) {
                        client.post("/chat/completions", Bodies.ask("agent", false), KEY);
                        await().untilAsserted(() ->
                                assertThat(server.claims.told)
                                        .hasSize(runs)
                                        .containsOnly(FakeClaims.RELEASED));
                    }
                }
            }
        }
    }
}
