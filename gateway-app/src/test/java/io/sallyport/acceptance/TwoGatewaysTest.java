package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.store.DatabaseAddress;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two gateways, each a process of its own, on one database. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(300)
class TwoGatewaysTest {
    private static final String SEAL_KEY = "5a".repeat(32);

    private final DatabaseAddress database;
    private final Path firstFolder;
    private final Path secondFolder;
    private final ScriptedUpstream upstream = ScriptedUpstream.listing("echo");
    private GatewayProcess first;
    private GatewayProcess second;
    private TenantDesk desk;
    private McpSession toFirst;
    private McpSession toSecond;
    private Http firstHttp;
    private Http secondHttp;
    private String agent;

    TwoGatewaysTest(FaultyPostgres postgres) {
        database = postgres.newDatabase();
        firstFolder = postgres.newFolder();
        secondFolder = postgres.newFolder();
    }

    @BeforeEach
    void start() throws IOException {
        first = serve(firstFolder);
        firstHttp = new Http(first.awaitUrl());
        Files.copy(firstFolder.resolve("credentials"), secondFolder.resolve("credentials"));
        second = serve(secondFolder);
        secondHttp = new Http(second.awaitUrl());
        desk = TenantDesk.existing(secondHttp, first.key("SALLYPORT_ADMIN_KEY"), "default");
        desk.serve("u1", upstream.endpoint());
        desk.allow("u1/*");
        agent = first.key("SALLYPORT_AGENT_KEY");
        toFirst = McpSession.open(firstHttp, agent);
        toSecond = McpSession.open(secondHttp, agent);
        eventually().until(() -> toFirst.toolNames().contains("u1__echo"));
    }

    private GatewayProcess serve(Path folder) {
        return GatewayProcess.serve(
                folder,
                Map.of(
                        "SALLYPORT_SEAL_KEY",
                        SEAL_KEY,
                        "SALLYPORT_DATABASE_PASSWORD",
                        database.password()),
                "--dev",
                "--port",
                "0",
                "--database-url",
                database.url(),
                "--database-user",
                database.user());
    }

    @AfterEach
    void stop() throws InterruptedException, IOException {
        upstream.close();
        first.kill();
        second.stop();
    }

    @Test
    void aKilledGatewaysCallIsClosedByTheOtherAfterItsLeaseAndAPausedOnesToo()
            throws InterruptedException {
        bothServe();
        pauseTheFirstDuringACall();
        killTheFirstDuringACall();
        AuditedGateway.assertVerified(desk, secondFolder, database);
    }

    /** Row D000: the repetition of a chat request comes where the first one did not. */
    @Test
    void aChatRunThatWasLeftOnOneGatewayGoesOnOnTheOther() throws IOException {
        var script = Script.of(Round.calls("w__wipe", "{}"), Round.says("{{results}}"));
        try (var wiper = ScriptedUpstream.listing("wipe");
                var model = ScriptedModel.start(0, script)) {
            desk.serve("w", wiper.endpoint(), Map.of("wipe", "write"));
            desk.allow("w/*");
            desk.toolset("all", "w/*");
            desk.model("m", model.endpoint(), "any", ",\"toolset\":\"all\"");
            var release = new CountDownLatch(1);
            wiper.onCall((exchange, id) -> {
                awaitQuietly(release);
                ScriptedUpstream.says("wiped").answer(exchange, id);
            });
            eventually()
                    .until(() ->
                            firstHttp
                                    .send(Ask.get("/v1/models").bearer(agent))
                                    .body()
                                    .contains("\"m\""));
            var ask = Ask.post("/v1/chat/completions", Chat.question("m")).bearer(agent);
            var call = firstHttp.begin(ask);
            eventually().until(() -> wiper.calls().size() == 1);
            call.cancel(true);
            var again = CompletableFuture.supplyAsync(this::againOnSecond);
            eventually()
                    .until(() ->
                            FaultyPostgres.count(
                                            database,
                                            "select count(*) from chat_claim where awaited")
                                    == 1);
            release.countDown();

            assertThat(Chat.text(again.join().ok())).contains("wiped");
            assertThat(wiper.calls()).hasSize(1);
            assertThat(model.requests()).hasSize(2);
        }
    }

    private Reply againOnSecond() {
        return new Chat(secondHttp, agent).send(Chat.question("m"), "X-Stainless-Retry-Count", "1");
    }

    /** Use 13. What one of them was told holds for the calls of both. */
    @Test
    void aNewSecretIsShownByBothAndAMoveIsAMoveForBoth() {
        patch("{%s,\"keep_approvals\":true}".formatted(bearer("f1rst"))).ok();
        assertThat(shownBy(toFirst)).contains("f1rst");
        assertThat(shownBy(toSecond)).contains("f1rst");

        patch("{" + bearer("s3cond") + "}").ok();
        assertThat(shownBy(toFirst)).contains("s3cond").doesNotContain("f1rst");
        assertThat(shownBy(toSecond)).contains("s3cond").doesNotContain("f1rst");

        patch("{\"url\":\"" + upstream.endpoint() + "/v2\"}").ok();
        assertThat(toFirst.refusal("u1__echo", "{}")).isEqualTo("descriptor_changed");
        assertThat(toSecond.refusal("u1__echo", "{}")).isEqualTo("descriptor_changed");
    }

    private Reply patch(String body) {
        return desk.admin(Ask.of("PATCH", "/admin/v1/servers/u1").json(body));
    }

    private static String bearer(String secret) {
        return "\"credential\":{\"type\":\"bearer\",\"secret\":\"" + secret + "\"}";
    }

    /** The headers that the server is shown when this client calls it. */
    private String shownBy(McpSession client) {
        var known = upstream.headers().size();
        client.result("u1__echo", "{}");
        return ChangedServer.askedAfter(upstream, known).toString();
    }

    private void bothServe() {
        var both = CompletableFuture.runAsync(() -> callTimes(toFirst, 20));
        callTimes(toSecond, 20);
        both.join();

        assertThat(AuditedGateway.statuses(database)).hasSize(40).containsOnly("ok");
        assertThat(writers()).hasSize(2);
    }

    private static void callTimes(McpSession client, int times) {
        for (int call = 0; call < times; call++) {
            client.result("u1__echo", "{}");
        }
    }

    private List<String> writers() {
        return FaultyPostgres.column(
                database, "select distinct writer from audit_intake where intent_key is not null");
    }

    /** It wakes up in the middle of a call that is closed already, and can say nothing more. */
    private void pauseTheFirstDuringACall() {
        var release = new java.util.concurrent.CountDownLatch(1);
        upstream.onCall((exchange, id) -> {
            awaitQuietly(release);
            ScriptedUpstream.says("CANARY").answer(exchange, id);
        });
        var calls = upstream.calls().size();
        var cut = CompletableFuture.supplyAsync(() -> toFirst.call("u1__echo", "{}"));
        eventually().until(() -> upstream.calls().size() > calls);
        FaultyPostgres.signal("-STOP", List.of(first.process().pid()));
        assertClosedAfterTheLease(1);
        FaultyPostgres.signal("-CONT", List.of(first.process().pid()));
        release.countDown();

        assertThat(cut.join().body()).contains("outcome_unrecorded").doesNotContain("CANARY");
        upstream.onCall(ScriptedUpstream.says("again"));
        eventually().until(() -> toFirst.call("u1__echo", "{}").status() == 200);
        assertThat(indeterminate()).isEqualTo(1);
        assertThat(latecomers()).isZero();
    }

    private static void awaitQuietly(java.util.concurrent.CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void killTheFirstDuringACall() throws InterruptedException {
        upstream.onCall(upstream.holds());
        var calls = upstream.calls().size();
        var cut = CompletableFuture.runAsync(() -> toFirst.call("u1__echo", "{}"));
        eventually().until(() -> upstream.calls().size() > calls);
        first.kill();
        assertThat(cut.handle((_, failure) -> failure).join()).isNotNull();
        assertClosedAfterTheLease(2);

        upstream.onCall(ScriptedUpstream.says("done"));
        callTimes(toSecond, 1);
        assertThat(indeterminate()).isEqualTo(2);
    }

    private void assertClosedAfterTheLease(int closed) {
        eventually().until(() -> indeterminate() == closed);
        assertThat(closedBeforeTheLeaseEnded()).isZero();
    }

    private long indeterminate() {
        return AuditedGateway.statuses(database).stream().filter("indeterminate"::equals).count();
    }

    /** The newest outcome of the other's intent against the end of the other's lease. */
    private long closedBeforeTheLeaseEnded() {
        return FaultyPostgres.count(
                database,
                """
                select count(*) from audit_intake o
                join audit_writer w on split_part(o.outcome_of, '/', 2) like w.writer || ':%'
                where convert_from(o.leaf, 'UTF8')::jsonb #>> '{result,status}' = 'indeterminate'
                    and w.expires < clock_timestamp()
                    and o.wseq = (select max(wseq) from audit_intake
                        where outcome_of is not null and writer = o.writer and log = o.log)
                    and o.ts < extract(epoch from w.expires) * 1000000
                """);
    }

    /** Records of an epoch whose intents were closed by the other gateway, written after that. */
    private long latecomers() {
        return FaultyPostgres.count(
                database,
                """
                select count(*) from audit_intake late join audit_intake closing
                    on closing.outcome_of like late.log || '/' || late.writer || ':' || late.epoch
                        || ':%' and closing.writer <> late.writer
                where late.ts > closing.ts
                """);
    }
}
