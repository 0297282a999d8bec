package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.RecordId;
import io.sallyport.recording.AuditTrail.Appended;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class LostLeaseTest {
    private static final String TAKEN = "update audit_writer set epoch = epoch + 1";

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    LostLeaseTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    @Test
    void aWriterWhoseEpochWasTakenWritesNothingMoreInItAndGoesOnInANewOne()
            throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.ALERT)) {
            var live = node.intent("live");
            FaultyPostgres.execute(database, TAKEN);
            var rows = node.rowsIn(live);

            eventually()
                    .untilAsserted(() ->
                            assertThat(node.intend("next")).isInstanceOf(Appended.Written.class));

            assertThat(node.rowsIn(live)).isEqualTo(rows);
            assertThat(node.intents("next").getFirst().epoch()).isGreaterThan(live.epoch() + 1);
            assertThat(node.conclude(live)).isInstanceOf(Appended.Written.class);
            assertThat(node.outcomes(live)).containsExactly("ok");
            node.assertVerified();
        }
    }

    @Test
    void aGatewayThatBeginsANewEpochKeepsItsOpenIntentsWhileOthersLookOn()
            throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.UNCONCERNED)) {
            var live = node.intent("live");
            cutOffDuringACommit(node, live);
            var next = node.intent("next");
            assertThat(next.epoch()).isGreaterThan(live.epoch());

            try (var other = StoreNode.open(postgres, database, "b", StoreNode.ALERT)) {
                awaitARecoveryBy(other);

                assertThat(node.outcomes(live)).isEmpty();
                assertThat(node.conclude(live)).isInstanceOf(Appended.Written.class);
                assertThat(node.outcomes(live)).containsExactly("ok");
                other.assertVerified();
            }
        }
    }

    @Test
    void anotherGatewayClosesWhatALostWriterLeftOpenOnceAndOnlyAfterItsLease()
            throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.UNCONCERNED);
                var other = StoreNode.open(postgres, database, "b", StoreNode.ALERT)) {
            var live = node.intent("live");
            awaitARecoveryBy(other);
            assertThat(node.outcomes(live)).isEmpty();

            FaultyPostgres.execute(
                    database,
                    "update audit_writer set expires = clock_timestamp() - interval '1 s'"
                            + " where writer like 'a-%'; "
                            + TAKEN
                            + " where writer like 'a-%'");

            eventually()
                    .untilAsserted(
                            () -> assertThat(node.outcomes(live)).containsExactly("indeterminate"));
            assertThat(node.conclude(live)).isEqualTo(new Appended.Duplicate());
            assertThat(node.outcomes(live)).containsExactly("indeterminate");
            other.assertVerified();
        }
    }

    @Test
    void aChangeThatFindsItsLeaseLostIsMadeAllTheSame() throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.UNCONCERNED)) {
            FaultyPostgres.execute(
                    database,
                    "update audit_writer set epoch = epoch + 1, expires = clock_timestamp()"
                            + " where writer = 'a-c'");

            assertThat(node.createTenant("other")).isTrue();

            node.assertVerified();
        }
    }

    @Test
    void writersOfTwoGatewaysNeverCollide() throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.ALERT);
                var other = StoreNode.open(postgres, database, "b", StoreNode.ALERT)) {
            var both = CompletableFuture.runAsync(() -> workOff(node, "a"));
            workOff(other, "b");
            both.join();

            assertThat(
                            FaultyPostgres.column(
                                    database,
                                    "select status from (select convert_from(leaf, 'UTF8')::jsonb"
                                            + " #>> '{result,status}' as status from audit_intake"
                                            + " where outcome_of is not null) o"))
                    .hasSize(100)
                    .containsOnly("ok");
            node.assertVerified();
            other.assertVerified();
        }
    }

    private static void workOff(StoreNode node, String name) {
        try {
            for (int call = 0; call < 50; call++) {
                node.conclude(node.intent(name + call));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A commit whose answer is lost makes its writer begin a new epoch. On a stalled machine the
     * writer may have given up by itself before its connection is ended; its statement then still
     * waits on the server.
     */
    private void cutOffDuringACommit(StoreNode node, RecordId live) {
        var end =
                "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database()"
                        + " and wait_event_type = 'Lock' and query like 'select audit_append%'";
        try (var _ = FaultyPostgres.holdIntake(database)) {
            node.store().trail().report(StoreNode.deniedRecord());
            eventually()
                    .untilAsserted(() -> {
                        FaultyPostgres.execute(database, end);
                        assertThat(epochOf(live.writer())).isGreaterThan(1);
                    });
        }
    }

    private long epochOf(String writer) {
        return FaultyPostgres.count(
                database, "select epoch from audit_writer where writer = ?", writer);
    }

    /** A third gateway leaves an open intent and ends; whoever closes it has looked at all. */
    private void awaitARecoveryBy(StoreNode other) throws InterruptedException {
        RecordId left;
        try (var third = StoreNode.open(postgres, database, "c", StoreNode.UNCONCERNED)) {
            left = third.intent("left");
        }
        eventually()
                .untilAsserted(
                        () -> assertThat(other.outcomes(left)).containsExactly("indeterminate"));
    }
}
