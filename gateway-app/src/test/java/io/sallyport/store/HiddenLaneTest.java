package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * H5: somebody hides a lane from the integrator of a gateway that runs. Its records would be in no
 * tree, so calls are refused until the rows are put back.
 */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(240)
class HiddenLaneTest {
    private static final Optional<String> GAP = Optional.of("log_gap");

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    HiddenLaneTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    private StoreNode node(String name) throws InterruptedException {
        return StoreNode.open(postgres, database, name, StoreNode.ALERT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "update audit_epoch set finished = true | update audit_epoch set finished = false",
                "create table kept as table audit_epoch; delete from audit_epoch"
                        + "| insert into audit_epoch table kept",
                "update audit_epoch set writer = concat('x', writer)"
                        + "| update audit_epoch set writer = substr(writer, 2)",
                "create table kept as select * from audit_lane where log = 'acme';"
                        + " delete from audit_lane where log = 'acme'"
                        + "| insert into audit_lane table kept",
                "update audit_lane set log = 'other' where log = 'acme'"
                        + "| update audit_lane set log = 'acme' where log = 'other'",
                "update audit_lane set epoch = epoch + 7| update audit_lane set epoch = epoch - 7",
                "update audit_lane set wseq = wseq + 3| update audit_lane set wseq = wseq - 3",
                "update audit_lane set wseq = wseq + 900| update audit_lane set wseq = wseq - 900",
            })
    void callsAreRefusedWhileALaneIsHidden(String edit, String repair) throws Exception {
        try (var node = node("a")) {
            node.intent("before");
            awaitPlaced();
            FaultyPostgres.execute(database, edit);
            for (int i = 0; i < 6; i++) {
                node.intent("hidden" + i);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> node.store().trouble().equals(GAP));
            assertThat(node.intend("after")).isEqualTo(new Appended.Unavailable());
            assertThat(node.consume("approved")).isEqualTo(new Appended.Unavailable());

            FaultyPostgres.execute(database, repair);
            eventually().until(() -> node.store().trouble().isEmpty());
            node.intent("later");
            awaitPlaced();
            node.assertVerified();
        }
    }

    /** What admins change is in lanes of its own. */
    @Test
    void aLaneOfChangesIsMissedToo() throws Exception {
        try (var node = node("a")) {
            awaitPlaced();
            FaultyPostgres.execute(
                    database, "delete from audit_lane where log = 'acme' and writer = 'a-c'");
            node.addKey("k7", "user:eve");
            eventually().until(() -> node.store().trouble().equals(GAP));
            assertThat(node.intend("after")).isEqualTo(new Appended.Unavailable());
        }
    }

    /** A start finds what was hidden before it. */
    @Test
    void aStartFindsALaneWhoseEpochIsNotKnown() throws Exception {
        try (var node = node("a")) {
            node.intent("before");
            awaitPlaced();
            FaultyPostgres.execute(database, "delete from audit_epoch where writer = 'a-b'");
            node.intent("hidden");
        }
        try (var node = node("a")) {
            assertThat(node.store().trouble()).isEqualTo(GAP);
            assertThat(node.intend("after")).isEqualTo(new Appended.Unavailable());
        }
    }

    private void awaitPlaced() {
        eventually()
                .until(() ->
                        FaultyPostgres.count(
                                        database,
                                        "select count(*) from audit_intake i where not exists"
                                                + " (select 1 from audit_leaf l where l.log = i.log"
                                                + " and l.writer = i.writer and l.epoch = i.epoch"
                                                + " and l.wseq = i.wseq)")
                                == 0);
    }

    /** Two gateways, whose integrators take the same lanes, and twenty logs. */
    @Test
    void busyLanesAreNeverTakenForHidden() throws Exception {
        try (var node = node("a");
                var other = node("b")) {
            var tenants = tenants(node, 20);
            var busy =
                    Stream.of(node, other)
                            .flatMap(it -> Stream.of(it, it))
                            .map(it -> CompletableFuture.runAsync(() -> write(it, tenants)))
                            .toList();
            CompletableFuture.allOf(busy.toArray(CompletableFuture[]::new)).join();
            eventually().until(() -> node.store().trouble().isEmpty());
            awaitPlaced();
            node.assertVerified();
        }
    }

    private static List<TenantId> tenants(StoreNode node, int many) {
        var names = IntStream.range(0, many).mapToObj(it -> "tenant" + it).toList();
        names.forEach(it -> assertThat(node.createTenant(it)).isTrue());
        return Stream.concat(names.stream(), Stream.of(StoreNode.TENANT.value()))
                .map(TenantId::new)
                .toList();
    }

    private static void write(StoreNode node, List<TenantId> tenants) {
        var end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
            var written =
                    tenants.stream()
                            .flatMap(it -> Stream.of(it, it, it))
                            .map(it -> node.store().trail().submit(fact(it)))
                            .toList();
            written.forEach(it -> assertThat(it.join()).isInstanceOf(Appended.Written.class));
            assertThat(node.store().trouble()).isNotEqualTo(GAP);
        }
    }

    private static TrailEntry fact(TenantId tenant) {
        var record = AuditRecord.of(Kind.CALL_DENIED, tenant.value(), Clock.systemUTC().instant());
        return new TrailEntry.Fact(record);
    }
}
