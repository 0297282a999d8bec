package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.audit.LeafBody;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import io.sallyport.threads.Supervision;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one tenant, one batch or a full disk may do to the writer of everybody's records. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class WriterNeighbourTest {
    private static final TenantId OTHER = new TenantId("other");

    /** The code that PostgreSQL gives when a file cannot grow. */
    private static final String FILL_DISK =
            """
            create function no_room() returns trigger language plpgsql as $$
            begin
                raise exception 'could not extend file' using errcode = '53100';
            end $$;
            create trigger full_intake before insert on audit_intake
                for each statement execute function no_room();
            create trigger full_room before insert on audit_room
                for each statement execute function no_room()
            """;

    private static final String EMPTY_DISK =
            "drop trigger full_intake on audit_intake; drop trigger full_room on audit_room;"
                    + " drop function no_room";

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    WriterNeighbourTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    /** H4. */
    @Test
    void aTenantWhoseRulesAreBeingChangedDelaysNoOther() throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.ALERT)) {
            node.createTenant(OTHER.value());
            CompletableFuture<Appended> stalled;
            try (var _ = holdRules()) {
                stalled = CompletableFuture.supplyAsync(() -> intend(node, "stalled"));
                for (int i = 0; i < 20; i++) {
                    assertThat(node.intend(OTHER, "free" + i)).isInstanceOf(Appended.Written.class);
                }
                assertThat(node.store().trail().submit(StoreNode.fact()).join())
                        .isInstanceOf(Appended.Written.class);
                assertThat(stalled.join()).isEqualTo(new Appended.Unavailable());
            }
            eventually()
                    .untilAsserted(() ->
                            assertThat(node.intend("again")).isInstanceOf(Appended.Written.class));
            // the database may give up a moment after the caller was told
            eventually()
                    .untilAsserted(() ->
                            assertThat(node.intents("stalled"))
                                    .allSatisfy(it ->
                                            assertThat(node.outcomes(it))
                                                    .containsExactly("not_sent")));
            node.assertVerified();
        }
    }

    /** H4: a change that ends in time costs the call nothing but that time. */
    @Test
    void anIntentWaitsForAShortChange() throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.ALERT)) {
            CompletableFuture<Appended> waiting;
            try (var _ = holdRules()) {
                waiting = CompletableFuture.supplyAsync(() -> intend(node, "waiting"));
                assertThat(node.store().trail().submit(StoreNode.fact()).join())
                        .isInstanceOf(Appended.Written.class);
            }
            assertThat(waiting.join()).isInstanceOf(Appended.Written.class);
        }
    }

    private static Appended intend(StoreNode node, String key) {
        try {
            return node.intend(key);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private FaultyPostgres.Held holdRules() {
        return FaultyPostgres.hold(
                database, "select 1 from governance where tenant = 'acme' for update");
    }

    /** H24. */
    @Test
    void aBatchInDoubtIsSettledByItsNameWhateverComesNext() throws Exception {
        StoreNode.open(postgres, database, "a", StoreNode.ALERT).close();
        try (var pools = StorePools.open(database)) {
            var health = new StoreHealth(pools.health(), Optional::empty, new Supervision());
            var lease = new WriterLease(pools.leases(), "x-b", Duration.ofSeconds(60));
            lease.open();
            var unplaced = new UnplacedRecords(pools.integration());
            try (var batches =
                    new AuditBatches(pools.calls(), lease, new LiveIntents(), health, unplaced)) {
                var first = pending();
                var second = pending();
                try (var _ = FaultyPostgres.holdIntake(database)) {
                    assertThatThrownBy(() -> batches.write(List.of(first)))
                            .isInstanceOf(SQLException.class);
                }
                assertThat(batches.isInDoubt(first)).isTrue();
                assertThat(settled(batches, second)).containsExactly(second);
                assertThat(first.done().join()).isNotNull();
                assertThat(batches.write(List.of(second))).isEmpty();
                assertThat(second.done().join()).isInstanceOf(Appended.Written.class);
                var told = first.done().join() instanceof Appended.Written ? 2 : 1;
                assertThat(
                                FaultyPostgres.count(
                                        database,
                                        "select count(*) from audit_intake where writer = 'x-b'"))
                        .isEqualTo(told);
            }
        }
    }

    /** A straggler on the server may make the first try fail. */
    private static List<PendingEntry> settled(AuditBatches batches, PendingEntry next) {
        return eventually()
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> batches.settle(List.of(next)), _ -> true);
    }

    private static PendingEntry pending() {
        TrailEntry fact = StoreNode.fact();
        return PendingEntry.of(fact, LeafBody.of(fact.record()));
    }

    /** R6. */
    @Test
    void aFullDiskIsTroubleUntilItHasRoomAgain() throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.ALERT)) {
            var before = node.intent("before");
            FaultyPostgres.execute(database, FILL_DISK);

            eventually().until(() -> node.store().trouble().equals(Optional.of("disk_full")));
            assertThat(node.intend("refused")).isEqualTo(new Appended.Unavailable());
            var outcome = node.store().trail().submit(StoreNode.outcome(before));

            FaultyPostgres.execute(database, EMPTY_DISK);
            assertThat(outcome.join()).isInstanceOf(Appended.Written.class);
            eventually().until(() -> node.store().trouble().isEmpty());
            assertThat(node.outcomes(before)).containsExactly("ok");
            assertThat(node.intents("refused")).isEmpty();
            node.assertVerified();
        }
    }

    /** H7, H26: who reads long takes no connection from others, and the server ends it. */
    @Test
    void heavyReadsTakeNothingFromWritersCallsAndHealth() {
        try (var pools = StorePools.open(database)) {
            var reads =
                    Stream.generate(() -> CompletableFuture.runAsync(() -> sleep(pools.reads())))
                            .limit(8)
                            .toList();
            eventually().until(() -> FaultyPostgres.count(database, SLEEPERS) == 4);

            for (var other :
                    List.of(pools.calls(), pools.leases(), pools.integration(), pools.health())) {
                assertThat(Database.read(() -> other.jdbc().sql("select 1").query().singleValue()))
                        .isEqualTo(1);
            }
            assertThat(FaultyPostgres.count(database, SLEEPERS)).isPositive();
            assertThat(reads).allSatisfy(it -> assertThat(it).failsWithin(Duration.ofSeconds(60)));
        }
    }

    private static final String SLEEPERS =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and state = 'active' and query like 'select pg_sleep%'";

    private static void sleep(Database database) {
        Database.read(() -> database.jdbc().sql("select pg_sleep(600)").query().singleValue());
    }
}
