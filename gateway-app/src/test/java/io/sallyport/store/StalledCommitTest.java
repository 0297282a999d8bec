package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.recording.AuditTrail.Appended;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class StalledCommitTest {
    /** The patience of two seconds, and what a busy machine needs to wake up. */
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(4);

    private static final String WRITING =
            "select pid from pg_stat_activity where datname = current_database()"
                    + " and pid <> pg_backend_pid() and query like 'select audit_append%'";

    /** A batch that has reached the server and is stopped there. */
    private static final String ON_ITS_WAY =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock' and query like 'select audit_append%'";

    private static final int MORE_THAN_MAY_WAIT = 11_000;

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;
    private StoreNode node;

    StalledCommitTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    @BeforeEach
    void open() throws InterruptedException {
        node = StoreNode.open(postgres, database, "a", StoreNode.ALERT);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void anIntentThatLandsAfterItsCallerWasRefusedIsClosedAsNotSentOnce() throws Exception {
        node.conclude(node.intent("before")); // what the start had to write is written
        try (var callers = Executors.newVirtualThreadPerTaskExecutor();
                var _ = FaultyPostgres.holdIntake(database)) {
            var refused = callers.submit(() -> refusedInTime("first"));
            eventually()
                    .untilAsserted(
                            () -> assertThat(FaultyPostgres.count(database, ON_ITS_WAY)).isOne());
            assertThat(refused.get()).isTrue();
        }

        eventually().untilAsserted(() -> assertThat(node.intents("first")).hasSize(1));
        var late = node.intents("first").getFirst();
        eventually()
                .untilAsserted(() -> assertThat(node.outcomes(late)).containsExactly("not_sent"));
        assertThat(node.intend("first")).isEqualTo(new Appended.Duplicate());
        node.conclude(node.intent("second"));
        assertThat(node.outcomes(late)).containsExactly("not_sent");
        node.assertVerified();
    }

    @Test
    void anIntentThatWaitsForTheWritersLeaseIsRefusedAndLeavesNothingOpen()
            throws InterruptedException {
        try (var _ = FaultyPostgres.holdWriters(database)) {
            assertRefusedInTime("first");
        }

        var next = node.intent("second");
        node.conclude(next);
        eventually().untilAsserted(() -> assertThat(openIntents()).isZero());
        node.assertVerified();
    }

    @Test
    void aFactThatCannotBeWrittenIsAnsweredInTime() {
        try (var _ = FaultyPostgres.holdIntake(database)) {
            var start = System.nanoTime();

            var written = node.store().trail().submit(StoreNode.fact());

            assertThat(written.join()).isEqualTo(new Appended.Unavailable());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
        }
    }

    @Test
    void anOutcomeIsKeptHoweverMuchWaitsBeforeIt() throws InterruptedException {
        var intent = node.intent("first");
        CompletableFuture<Appended> concluded;
        try (var _ = FaultyPostgres.holdIntake(database)) {
            for (int fact = 0; fact < MORE_THAN_MAY_WAIT; fact++) {
                node.store().trail().report(StoreNode.deniedRecord());
            }
            assertThat(node.intend("second")).isEqualTo(new Appended.Unavailable());
            concluded = node.store().trail().submit(StoreNode.outcome(intent));
        }

        assertThat(concluded.join()).isInstanceOf(Appended.Written.class);
        assertThat(node.outcomes(intent)).containsExactly("ok");
        node.assertVerified();
    }

    @Test
    void aServerProcessThatIsFrozenDoesNotHoldTheLogUpAndWritesNothingWhenItWakes()
            throws InterruptedException {
        var before = node.intent("first");
        var frozen = FaultyPostgres.column(database, WRITING).stream().map(Long::valueOf).toList();
        assertThat(frozen).hasSize(1);
        FaultyPostgres.signal("-STOP", frozen);
        try {
            assertRefusedInTime("second");
            eventually()
                    .untilAsserted(() ->
                            assertThat(node.intend("third")).isInstanceOf(Appended.Written.class));
        } finally {
            FaultyPostgres.signal("-CONT", frozen);
        }

        eventually().untilAsserted(() -> assertThat(isAlive(frozen)).isFalse());
        assertThat(node.rowsIn(before)).isEqualTo(rowsOfTheFirstEpoch(before));
        assertThat(node.conclude(before)).isInstanceOf(Appended.Written.class);
        assertThat(node.outcomes(before)).containsExactly("ok");
        node.assertVerified();
    }

    /** All that was written before the server's process was frozen. */
    private static long rowsOfTheFirstEpoch(io.sallyport.audit.RecordId last) {
        return last.sequence() + 1; // in the tenant's log, and the opening in the platform's
    }

    private boolean isAlive(List<Long> pids) {
        return pids.stream().anyMatch(it -> ProcessHandle.of(it).isPresent());
    }

    private boolean refusedInTime(String key) throws InterruptedException {
        assertRefusedInTime(key);
        return true;
    }

    private void assertRefusedInTime(String key) throws InterruptedException {
        var start = System.nanoTime();
        assertThat(node.intend(key)).isEqualTo(new Appended.Unavailable());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
    }

    private long openIntents() {
        return FaultyPostgres.count(
                database,
                "select count(*) from audit_intake i where kind = 'call.intent' and not exists"
                        + " (select 1 from audit_intake o where o.outcome_of ="
                        + " i.log || '/' || i.writer || ':' || i.epoch || ':' || i.wseq)");
    }
}
