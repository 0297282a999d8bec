package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.samples.model.Round;
import io.sallyport.samples.model.Script;
import io.sallyport.samples.model.ScriptedModel;
import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class DatabaseOutageTest {
    /** Two seconds, and what a busy machine needs to wake up. */
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(4);

    private final FaultyPostgres postgres;
    private AuditedGateway gateway;

    DatabaseOutageTest(FaultyPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeEach
    void start() throws InterruptedException {
        gateway = AuditedGateway.start(postgres);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void whileTheDatabaseIsSilentEveryCallIsRefusedAndNothingAcknowledgedIsLost() {
        survives(postgres::freeze, postgres::thaw);
    }

    @Test
    void afterTheDatabaseWasKilledCallsWorkAgainAndNothingAcknowledgedIsLost() {
        survives(postgres::kill, postgres::restart);
    }

    @Test
    void aCallThatNeedsTheDatabaseForMoreThanItsRecordIsRefusedInTimeToo() {
        var agent = gateway.client();
        var stranger = McpSession.open(gateway.tenant().http(), gateway.tenant().agent());
        agent.call("u1__echo", "{}");
        postgres.freeze();
        try {
            assertRefusedInTime(() -> agent.call("u1__ask", "{}"));
            assertRefusedInTime(() -> stranger.call("u1__echo", "{}"));
            assertRefusedInTime(
                    () -> gateway.tenant().admin(Ask.get("/admin/v1/audit?kind=call.intent")));
        } finally {
            postgres.thaw();
        }
        eventually().until(() -> agent.call("u1__echo", "{}").status() == 200);
    }

    /** H26, R6: /readyz waits for nothing, and names every thread that must live. */
    @Test
    void readyzSaysAtOnceThatTheDatabaseIsSilentAndThatItIsBack() {
        var http = gateway.tenant().http();
        assertThat(http.send(Ask.get("/readyz")).body())
                .startsWith("ok\n")
                .contains("audit-writer running", "audit-integrator running")
                .contains("governance-listener running", "lease-renewal running")
                .contains("store-health running", "mcp-keep-alive running", "list-upkeep running");
        postgres.freeze();
        try {
            eventually().until(() -> http.send(Ask.get("/readyz")).status() == 503);
            var start = System.nanoTime();
            assertThat(http.send(Ask.get("/readyz")).body()).startsWith("store_unavailable\n");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
        } finally {
            postgres.thaw();
        }
        eventually().until(() -> http.send(Ask.get("/readyz")).status() == 200);
    }

    /** R9: looking up the caller and recording the start have one wait between them. */
    @Test
    void aChatIsRefusedInTimeWhoeverAsks() throws IOException {
        var tenant = gateway.tenant();
        try (var provider = ScriptedModel.start(0, Script.of(Round.says("unused")))) {
            tenant.toolset("all", "*");
            tenant.model("plain", provider.endpoint(), "any", "");
            tenant.model("tools", provider.endpoint(), "any", ",\"toolset\":\"all\"");
            var stranger = new Chat(tenant.http(), tenant.key("user:new", "agent"));
            postgres.freeze();
            try {
                assertRefusedInTime(() -> stranger.ask("plain"));
                assertRefusedInTime(() -> stranger.ask("tools"));
                assertRefusedInTime(() -> stranger.stream("plain"));
                assertRefusedInTime(() -> stranger.stream("tools"));
            } finally {
                postgres.thaw();
            }
        }
    }

    private static void assertRefusedInTime(java.util.function.Supplier<Reply> call) {
        var start = System.nanoTime();
        assertThat(call.get().status()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
    }

    private void survives(Runnable fault, Runnable repair) {
        var load = CallLoad.start(gateway);
        try (load) {
            eventually().until(() -> load.answers().size() > 50);
            fault.run();
            try {
                assertAllRefused(load, System.nanoTime());
            } finally {
                repair.run();
            }
            var repaired = System.nanoTime();
            eventually().until(() -> load.completedAfter(repaired) > 50);
        }
        // Records go on before readers do: those wait until the tree has what is written, for 2 s.
        eventually().until(this::isReadable);
        assertNothingLost(load.answers());
    }

    private boolean isReadable() {
        return gateway.tenant().admin(Ask.get("/admin/v1/audit/checkpoint")).status() == 200;
    }

    private void assertAllRefused(CallLoad load, long since) {
        eventually().until(() -> load.begunAfter(since).size() >= 4);
        var calls = gateway.upstream().calls().size();
        eventually().until(() -> load.begunAfter(since).size() >= 12);

        assertThat(load.begunAfter(since))
                .allMatch(CallLoad.Answer::isRefused)
                .allMatch(it -> it.took().compareTo(REFUSED_WITHIN) < 0);
        assertThat(gateway.upstream().calls()).hasSize(calls);
    }

    /** What a client was told is in the log, and every intent has come to exactly one end. */
    private void assertNothingLost(List<CallLoad.Answer> answers) {
        eventually()
                .untilAsserted(() ->
                        assertThat(gateway.statuses()).hasSize(Math.toIntExact(gateway.intents())));
        var told =
                answers.stream()
                        .filter(CallLoad.Answer::isCompleted)
                        .map(it -> "default/" + it.record())
                        .toArray(String[]::new);
        assertThat(recorded(told)).isEqualTo(told.length);
        assertThat(gateway.upstream().calls().size())
                .isBetween(told.length, Math.toIntExact(gateway.intents()));
        gateway.assertVerified();
    }

    private long recorded(String... keys) {
        return FaultyPostgres.count(
                gateway.database(),
                "select count(*) from audit_intake o join audit_intake i on o.outcome_of ="
                        + " i.log || '/' || i.writer || ':' || i.epoch || ':' || i.wseq"
                        + " where i.intent_key is not null and o.outcome_of = any (?)",
                (Object) keys);
    }
}
