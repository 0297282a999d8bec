package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Chat runs of whoever is stopped end, whatever they wait for; those of others go on. */
@ExtendWith(GatewayExtension.class)
class StoppedRunsTest {
    private static final Duration BUSY = Duration.ofSeconds(20);

    private final TenantDesk tenant;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("look", "wipe");
    private Chat chat;

    StoppedRunsTest(RunningGateway gateway) {
        tenant = gateway.newTenant("runs");
    }

    @BeforeEach
    void serve() {
        tenant.serve("u1", upstream.endpoint(), Map.of("wipe", "write"));
        tenant.allow("u1/*");
        tenant.toolset("all", "*");
        chat = new Chat(tenant.http(), tenant.agent());
    }

    @AfterEach
    void end() {
        upstream.close();
    }

    private void models(HeldModel model) {
        tenant.model("plain", model.endpoint(), "any", "");
        tenant.model("tools", model.endpoint(), "any", ",\"toolset\":\"all\"");
    }

    private void stop(String what) {
        var path = what.equals("tenant") ? "tenants/" + tenant.id() : "principals/user:ada";
        var stop = "/admin/v1/" + path + "/stop";
        tenant.admin(Ask.post(stop, "{\"reason\":\"it leaks\"}")).ok();
    }

    private CompletableFuture<Reply> asked(String model) {
        return CompletableFuture.supplyAsync(() -> chat.ask(model));
    }

    private OpenStream streamed(String model, String key) {
        var question = Chat.question(model).replace("\"messages\"", "\"stream\":true,\"messages\"");
        return tenant.http().open(Ask.post("/v1/chat/completions", question).bearer(key));
    }

    private void assertRecordedAsStopped() {
        await().atMost(BUSY)
                .untilAsserted(() ->
                        assertThat(tenant.audit("kind=chat.response"))
                                .singleElement()
                                .matches(it -> it.path("code").asString().equals("stopped")));
    }

    @ParameterizedTest
    @CsvSource({"principal, plain", "principal, tools", "tenant, plain", "tenant, tools"})
    void aRunThatWaitsForTheModelEnds(String what, String alias) {
        try (var model = HeldModel.silent()) {
            models(model);
            var answer = asked(alias);
            await().atMost(BUSY).until(() -> model.asked() == 1);

            stop(what);

            assertThat(answer.join().status()).isEqualTo(403);
            assertThat(Chat.errorCode(answer.join())).isEqualTo("stopped");
            assertRecordedAsStopped();
            var next = chat.ask(alias);
            assertThat(next.status()).isEqualTo(404);
            assertThat(Chat.errorCode(next)).isEqualTo("model_not_found");
            assertThat(model.asked()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"principal, plain", "principal, tools", "tenant, plain", "tenant, tools"})
    void aStreamThatIsUnderWayEndsWithAnErrorThatSaysSo(String what, String alias) {
        try (var model = HeldModel.silent()) {
            models(model);
            try (var stream = streamed(alias, chat.key())) {
                await().atMost(BUSY).until(() -> stream.lines().toString().contains("word"));

                stop(what);

                await().atMost(BUSY).until(stream::isOver);
                assertThat(lastOf(stream).at("/error/code").asString()).isEqualTo("stopped");
                assertThat(lastOf(stream).at("/error/type").asString())
                        .isEqualTo("permission_error");
                assertThat(stream.lines()).noneMatch(it -> it.contains("[DONE]"));
                assertRecordedAsStopped();
                await().atMost(BUSY).until(() -> model.open() == 0);
            }
        }
    }

    private static JsonNode lastOf(OpenStream stream) {
        return stream.messages().getLast();
    }

    @ParameterizedTest
    @ValueSource(strings = {"principal", "tenant"})
    void aRunThatWaitsForAToolEndsAndAsksTheModelNothingMore(String what) {
        upstream.onCall(upstream.holds());
        try (var model = HeldModel.calling("u1__look")) {
            models(model);
            var answer = asked("tools");
            await().atMost(BUSY).until(() -> upstream.calls().size() == 1);

            stop(what);

            assertThat(Chat.errorCode(answer.join())).isEqualTo("stopped");
            assertRecordedAsStopped();
            await().atMost(BUSY)
                    .untilAsserted(() ->
                            assertThat(tenant.audit("kind=call.outcome"))
                                    .singleElement()
                                    .matches(it -> it.path("code").asString().equals("stopped")));
            assertThat(model.asked()).isEqualTo(1);
        }
    }

    /** It may have run, so nobody is told to try again. */
    @ParameterizedTest
    @ValueSource(strings = {"principal", "tenant"})
    void aRunThatMayHaveChangedSomethingSaysSo(String what) {
        upstream.onCall(upstream.holds());
        try (var model = HeldModel.calling("u1__wipe")) {
            models(model);
            var answer = asked("tools");
            await().atMost(BUSY).until(() -> upstream.calls().size() == 1);

            stop(what);

            assertThat(answer.join().status()).isEqualTo(400);
            assertThat(answer.join().header("x-should-retry")).isEqualTo("false");
            assertThat(Chat.errorCode(answer.join())).isEqualTo("run_failed_after_side_effects");
            assertRecordedAsStopped();
            assertThat(model.asked()).isEqualTo(1);
        }
    }

    /** The second round of a run whose first one has changed something. */
    @Test
    void aRunThatHasChangedSomethingAndWaitsForTheModelSaysSo() {
        try (var model = HeldModel.calling("u1__wipe")) {
            models(model);
            var answer = asked("tools");
            await().atMost(BUSY).until(() -> model.asked() == 2);

            stop("principal");

            assertThat(Chat.errorCode(answer.join())).isEqualTo("run_failed_after_side_effects");
            assertRecordedAsStopped();
        }
    }

    @Test
    void runsOfOthersGoOn() {
        try (var model = HeldModel.silent()) {
            models(model);
            var bob = tenant.key("user:bob", "agent");
            try (var stopped = streamed("plain", chat.key());
                    var plain = streamed("plain", bob);
                    var tools = streamed("tools", bob)) {
                await().atMost(BUSY).until(() -> model.open() == 3);

                stop("principal");

                await().atMost(BUSY).until(stopped::isOver);
                await().atMost(BUSY).until(() -> model.open() == 2);
                assertThat(plain.isOver() || tools.isOver()).isFalse();
            }
        }
    }
}
