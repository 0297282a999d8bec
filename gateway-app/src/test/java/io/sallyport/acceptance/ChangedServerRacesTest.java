package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ScriptedUpstream.Behaviour;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Use 13: what happens while a server is changed, what may not be changed, and who may not. */
class ChangedServerRacesTest extends ChangedServer {
    ChangedServerRacesTest(RunningGateway gateway) {
        super(gateway);
    }

    @Test
    void openApprovalsEndWithAMoveAndStayWithANewSecret() {
        var waiting = pending();
        change("{" + bearer(SECOND) + "}").ok();
        assertThat(state(waiting)).isEqualTo("pending");
        tenant.admin(
                        Ask.post(
                                "/admin/v1/approvals/" + waiting + "/decision",
                                "{\"decision\":\"approve\",\"reason\":\"x\"}"))
                .ok();

        change("{" + url(there.endpoint()) + "}").ok();

        assertThat(state(waiting)).isEqualTo("cancelled");
        change("{" + url(here.endpoint()) + "}").ok();
        approveAll(server());
        assertThat(mcp.refusal("u1__ask", "{}")).isEqualTo("approval_required");
        assertThat(here.calls()).isEmpty();
    }

    static Stream<String> refused() {
        return Stream.of(
                "https://user@127.0.0.1/mcp|egress_denied",
                "https://127.0.0.1/mcp#x|egress_denied",
                "ftp://127.0.0.1/mcp|egress_denied",
                "http://127.0.0.2:HERE/mcp|egress_denied",
                "https://10.1.2.3/mcp|egress_denied",
                "https://no-such-name.invalid/mcp|egress_denied",
                "https://127.0.0.1:THERE/mcp|upstream_tls",
                "http://127.0.0.1:THERE/nothing|upstream_not_mcp");
    }

    /** As a registration would be; then nothing is changed. */
    @ParameterizedTest
    @MethodSource("refused")
    void aPlaceThatCannotBeUsedChangesNothing(String line) {
        var parts = line.split("\\|");
        var place =
                parts[0].replace("THERE", "" + there.endpoint().getPort())
                        .replace("HERE", "" + here.endpoint().getPort());
        var before = server();

        var reply = change("{\"url\":\"" + place + "\"," + bearer(SECOND) + "}");

        assertThat(reply.status()).as(reply.body()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo(parts[1]);
        assertThat(server().json().path("url")).isEqualTo(before.json().path("url"));
        mcp.result("u1__echo", "{}");
        assertThat(shown(here, "authorization")).containsOnly("Bearer " + FIRST);
    }

    @Test
    void theLogTellsAChangeThatFailedFromARegistration() {
        try (var log = LogLines.begin()) {
            var nothing = "\"url\":\"" + there.endpoint().resolve("/nothing") + "\"";
            assertThat(change("{" + nothing + "}").status()).isEqualTo(422);

            assertThat(log.with("changing " + tenant.id() + "/u1 failed")).hasSize(1);
            assertThat(log.with("registering " + tenant.id())).isEmpty();
        }
    }

    /** What fails of the old secret, or in whatever other way, is not the new one's failure. */
    @ParameterizedTest
    @ValueSource(ints = {401, 500, 404})
    void aListingThatFailsBecauseTheServerWasChangedSaysNothingOfWhatItIsNow(int status)
            throws Exception {
        var held = new CountDownLatch(1);
        var arrived = new CountDownLatch(1);
        here.onNextList((exchange, id) -> {
            arrived.countDown();
            awaitQuietly(held);
            ScriptedUpstream.failsWith(status).answer(exchange, id);
        });
        var refresh =
                CompletableFuture.supplyAsync(
                        () -> tenant.admin(Ask.post("/admin/v1/servers/u1/refresh", "{}")));
        arrived.await();

        change("{" + bearer(SECOND) + "}").ok();
        held.countDown();

        assertThat(refresh.join().status()).isEqualTo(409);
        mcp.result("u1__echo", "{}");
        assertThat(server().body()).doesNotContain("unauthorised").doesNotContain("\"down\"");
    }

    /** Calls under way while the server moves, at whatever moment, mix nothing. */
    @Test
    void aCallThatWasDecidedBeforeMixesNothing() throws Exception {
        var held = new CountDownLatch(1);
        var arrived = new CountDownLatch(1);
        Behaviour holds =
                (exchange, id) -> {
                    arrived.countDown();
                    awaitQuietly(held);
                    ScriptedUpstream.says("done").answer(exchange, id);
                };
        here.onCall(holds);
        var call = CompletableFuture.supplyAsync(() -> mcp.call("u1__echo", "{}"));
        arrived.await();
        here.onCall(ScriptedUpstream.says("done"));
        var more =
                Stream.generate(() -> CompletableFuture.runAsync(() -> mcp.call("u1__echo", "{}")))
                        .limit(20)
                        .toList();

        change("{" + url(there.endpoint()) + "," + bearer(SECOND) + "}").ok();
        held.countDown();
        more.forEach(CompletableFuture::join);
        call.join();

        assertThat(there.headers().toString()).doesNotContain(FIRST);
        assertThat(here.headers().toString()).doesNotContain(SECOND);
        assertThat(there.calls()).isEmpty();
    }

    @Test
    void twoChangesFromOneViewAreNotBothMade() {
        var etag = server().header("etag");

        assertThat(change("{" + url(there.endpoint()) + "}").ok().header("etag"))
                .isNotEqualTo(etag);
        var reply = tenant.admin(patch("{" + bearer(SECOND) + "}").with("if-match", etag));

        assertThat(reply.status()).isEqualTo(409);
        assertThat(server().json().has("credential")).isFalse();
    }

    @Test
    void aStopAndAStatusStay() {
        tenant.admin(Ask.post("/admin/v1/servers/u1/stop", "{\"reason\":\"looks odd\"}")).ok();

        var changed = change("{" + url(there.endpoint()) + "," + bearer(SECOND) + "}").ok();

        assertThat(changed.json().path("stopped").asString()).isEqualTo("looks odd");
        assertThat(mcp.toolNames()).isEmpty();
        change("{\"status\":\"disabled\"}").ok();
        assertThat(change("{" + url(here.endpoint()) + "}").ok().json().path("status").asString())
                .isEqualTo("disabled");
    }

    @Test
    void aCredentialCanBeTakenAway() {
        var changed = change("{\"credential\":null}").ok();

        assertThat(changed.json().has("credential")).isFalse();
        assertThat(statuses(changed)).as("another identity").containsOnly("changed");
        approveAll(changed);
        var known = here.headers().size();
        mcp.result("u1__echo", "{}");
        assertThat(askedAfter(here, known).toString()).doesNotContain(FIRST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"profile\":\"x\"}",
                "{\"url\":\"http://127.0.0.1:9/mcp\",\"profile\":\"x\"}",
                "{\"command\":\"x\"}"
            })
    void aServerWithAUrlBecomesNoProgram(String body) {
        assertThat(change(body).status()).isEqualTo(422);
        assertThat(statuses(server())).containsOnly("approved");
    }

    @Test
    void aForeignServerIsUnknown() {
        var body = "{" + url(there.endpoint()) + "," + bearer(SECOND) + "}";
        var boss = foreign.key("user:boss", "admin");

        var reply = tenant.http().send(patch(body).bearer(boss));
        var unknown =
                tenant.http()
                        .send(Ask.of("PATCH", "/admin/v1/servers/none").json(body).bearer(boss));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.comparable()).isEqualTo(unknown.comparable());
        assertThat(there.heard()).isEmpty();
    }

    @Test
    void aSecretIsNowhereButAtItsServer() {
        try (var log = LogLines.begin()) {
            var answers = new StringBuilder();
            answers.append(change("{" + bearer(SECOND) + "}").body());
            answers.append(change("{" + url(there.endpoint()) + "," + bearer(FIRST) + "}").body());
            answers.append(server().body());
            List<JsonNode> records = tenant.audit("");

            assertThat(answers.toString()).doesNotContain(FIRST, SECOND);
            assertThat(records.toString()).doesNotContain(FIRST, SECOND);
            assertThat(log.with("secret-of-the-server")).isEmpty();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
