package io.sallyport.acceptance;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.store.FaultyPostgres;
import io.sallyport.store.FaultyPostgresExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class AuditFaultsTest {
    /** Two seconds, and what a busy machine needs to wake up. */
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(4);

    private static final String BATCH_WAITS =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock' and query like 'select audit_append%'";

    private final FaultyPostgres postgres;
    private AuditedGateway gateway;

    AuditFaultsTest(FaultyPostgres postgres) {
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
    void aCallWhoseIntentStallsIsRefusedAndNeverRunsAndTheNextOneDoes() {
        var client = gateway.client();
        try (var _ = FaultyPostgres.holdIntake(gateway.database())) {
            var start = System.nanoTime();
            var reply = client.call("u1__echo", "{}");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body()).contains("audit_unavailable");
        }

        eventually()
                .untilAsserted(() -> assertThat(gateway.statuses()).containsExactly("not_sent"));
        assertThat(gateway.upstream().calls()).isEmpty();
        assertThat(client.call("u1__echo", "{}").status()).isEqualTo(200);
        assertThat(gateway.upstream().calls()).hasSize(1);
        assertThat(gateway.statuses()).containsExactlyInAnyOrder("not_sent", "ok");
        assertThat(gateway.intents()).isEqualTo(2);
        gateway.assertVerified();
    }

    @Test
    void aResultWhoseOutcomeCannotBeWrittenIsWithheldAndRecordedLaterOnce() {
        var held = new AtomicReference<FaultyPostgres.Held>();
        var answer = ScriptedUpstream.says("CANARY");
        gateway.upstream()
                .onCall((exchange, id) -> {
                    held.set(FaultyPostgres.holdIntake(gateway.database()));
                    answer.answer(exchange, id);
                });
        var client = gateway.client();

        var reply = client.call("u1__echo", "{}");

        assertThat(reply.body()).contains("outcome_unrecorded").doesNotContain("CANARY");
        assertThat(gateway.statuses()).isEmpty();
        held.get().close();
        eventually().untilAsserted(() -> assertThat(gateway.statuses()).containsExactly("ok"));
        gateway.upstream().onCall(answer);
        client.result("u1__echo", "{}");
        assertThat(gateway.statuses()).containsExactly("ok", "ok");
        assertThat(gateway.upstream().calls()).hasSize(2);
        gateway.assertVerified();
    }

    /** Attack 5: a key that was overwritten is a store that cannot record, not an error of ours. */
    @Test
    void aSubjectKeyThatDoesNotOpenRefusesTheCall() {
        FaultyPostgres.execute(
                gateway.database(),
                """
                create function overwrite() returns trigger language plpgsql as $$
                begin
                    new.wrapped := decode(repeat('00', 60), 'hex');
                    return new;
                end
                $$;
                create trigger overwrite before insert on audit_keys.subject_key
                    for each row execute function overwrite()
                """);

        var reply = gateway.client().call("u1__echo", "{}");

        assertThat(reply.body()).contains("audit_unavailable").doesNotContain("internal_error");
        assertThat(gateway.upstream().calls()).isEmpty();
        assertThat(gateway.intents()).isZero();
    }

    @Test
    void aPolicyPublishedBetweenDecisionAndIntentIsTheOneThatDecides() throws IOException {
        var client = gateway.client();
        CompletableFuture<Reply> called;
        try (var _ = holdBatches()) {
            called = CompletableFuture.supplyAsync(() -> client.call("u1__echo", "{}"));
            eventually().until(() -> FaultyPostgres.count(gateway.database(), BATCH_WAITS) == 1);
            gateway.tenant().policy("rules: [{id: closed, effect: deny, tools: [\"u1/echo\"]}]");
        }

        assertThat(called.join().body()).doesNotContain("done");
        assertThat(gateway.intents()).isZero();
        assertThat(gateway.upstream().calls()).isEmpty();
        assertThat(gateway.tenant().audit("kind=call.denied"))
                .singleElement()
                .satisfies(it -> assertThat(it.path("rule").asString()).isEqualTo("closed"));
        gateway.assertVerified();
    }

    /** Holds the writer of calls back, not the writer of changes. */
    private FaultyPostgres.Held holdBatches() {
        return FaultyPostgres.hold(
                gateway.database(),
                "select 1 from audit_writer where writer like '%-b' for update");
    }
}
