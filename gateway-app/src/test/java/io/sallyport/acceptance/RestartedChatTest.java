package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row D000, with a gateway that is killed in the middle of the run. */
@Timeout(300)
class RestartedChatTest {
    private static final String QUESTION = Chat.question("m");

    private final Scratch scratch = Scratch.make();
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("wipe");

    /** One life of the gateway, and who uses it. */
    private record Life(GatewayProcess gateway, TenantDesk tenant, Chat chat) {
        void offer(URI model) {
            tenant.model("m", model, "any", ",\"toolset\":\"all\"");
        }

        Reply again(String how) {
            return how.equals("key")
                    ? chat.send(QUESTION, "Idempotency-Key", "k1")
                    : chat.send(QUESTION, "X-Stainless-Retry-Count", "1");
        }
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        scratch.delete();
    }

    private Life serve() throws IOException {
        var gateway = GatewayProcess.serve(scratch.path(), "--dev", "--port", "0");
        var http = new Http(gateway.awaitUrl());
        return new Life(
                gateway,
                TenantDesk.existing(http, gateway.key("SALLYPORT_ADMIN_KEY"), "default"),
                new Chat(http, gateway.key("SALLYPORT_AGENT_KEY")));
    }

    /** Asks, and kills the gateway when it has got so far. */
    private void killDuring(URI model, BooleanSupplier far, String... header)
            throws IOException, InterruptedException {
        var life = serve();
        var tenant = life.tenant();
        tenant.serve("w", upstream.endpoint(), Map.of("wipe", "write"));
        tenant.allow("w/*");
        tenant.toolset("all", "w/*");
        life.offer(model);
        var ask = Ask.post("/v1/chat/completions", QUESTION).bearer(life.chat().key());
        var _ = tenant.http().begin(header.length == 0 ? ask : ask.with(header[0], header[1]));
        eventually().until(far::getAsBoolean);
        life.gateway().kill();
    }

    private static String[] header(String how) {
        return how.equals("key") ? new String[] {"Idempotency-Key", "k1"} : new String[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"again", "key"})
    void whatMayHaveRunIsToldSoAndIsNotRunAgain(String how)
            throws IOException, InterruptedException {
        upstream.onCall(upstream.holds());
        try (var model =
                ScriptedModel.start(
                        0, Script.of(Round.calls("w__wipe", "{}"), Round.says("Done.")))) {
            killDuring(model.endpoint(), () -> !upstream.calls().isEmpty(), header(how));
            var life = serve();
            try {
                var told = life.again(how);

                assertThat(told.status()).isEqualTo(400);
                assertThat(Chat.errorCode(told)).isEqualTo("run_failed_after_side_effects");
                assertThat(told.header("x-should-retry")).isEqualTo("false");
                assertThat(told.body()).contains(told.header("x-sallyport-run-id"));
                assertThat(upstream.calls()).hasSize(1);
            } finally {
                life.gateway().stop();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"again", "key"})
    void aRunGoesOnFromItsLastRound(String how) throws IOException, InterruptedException {
        try (var silent = HeldModel.calling("w__wipe");
                var model = ScriptedModel.start(0, Script.of(Round.says("{{results}}")))) {
            killDuring(silent.endpoint(), () -> silent.asked() == 2, header(how));
            var life = serve();
            try {
                life.offer(model.endpoint());
                var answer = life.again(how).ok();

                assertThat(Chat.text(answer)).contains("done");
                assertThat(Chat.report(answer).path("rounds").asInt()).isEqualTo(2);
                assertThat(model.requests()).hasSize(1);
                assertThat(upstream.calls()).hasSize(1);
            } finally {
                life.gateway().stop();
            }
        }
    }
}
