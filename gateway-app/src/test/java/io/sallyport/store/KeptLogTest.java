package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the store does about a log that is not what it wrote. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class KeptLogTest {
    private static final String OPEN_TABLES =
            "alter table audit_intake disable trigger all;"
                    + "alter table audit_leaf disable trigger all;";

    /** A copy of a first record in a lane of changes, further on in that lane. */
    private static final String COPY =
            """
            insert into audit_intake (writer, epoch, wseq, log, kind, ts, leaf, hash)
            select writer, epoch, (select max(wseq) from audit_intake o where o.log = i.log
                    and o.writer = i.writer and o.epoch = i.epoch) + %d,
                log, kind, ts, leaf, hash
            from audit_intake i where writer = 'a-c' and wseq = 1 limit 1
            """;

    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    KeptLogTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    private StoreNode node() throws InterruptedException {
        return StoreNode.open(postgres, database, "a", StoreNode.ALERT);
    }

    /** H5, H6. */
    @Test
    void aGapIsReportedRefusesBothWritersAndIsNeverFinished() throws InterruptedException {
        try (var node = node()) {
            node.intent("before");
            FaultyPostgres.execute(database, COPY.formatted(3));

            eventually().until(() -> node.store().trouble().equals(Optional.of("log_gap")));
            assertThat(node.intend("after")).isEqualTo(new Appended.Unavailable());
            assertThat(node.consume("approved")).isEqualTo(new Appended.Unavailable());
            assertThat(node.intents("approved")).isEmpty();
        }
        try (var node = node()) {
            assertThat(node.store().trouble()).contains("log_gap");
            assertThat(
                            FaultyPostgres.count(
                                    database,
                                    "select count(*) from audit_epoch where writer = 'a-c'"
                                            + " and epoch = 1 and finished"))
                    .isZero();
        }
    }

    /** H25. */
    @Test
    void aRecordThatContradictsItsRowStopsTheLog() throws InterruptedException {
        try (var node = node()) {
            node.intent("before");
            FaultyPostgres.execute(database, COPY.formatted(1));

            eventually().until(() -> node.store().trouble().equals(Optional.of("log_mismatch")));
            assertThat(node.intend("after")).isEqualTo(new Appended.Unavailable());
        }
    }

    /** H12. */
    @Test
    void nothingIsSignedThatDoesNotContinueWhatWasSigned() throws InterruptedException {
        try (var node = node()) {
            node.intent("signed");
            node.assertVerified();
            node.intent("later");
            eventually().until(() -> leaves() == FaultyPostgres.count(database, RECORDS));
            FaultyPostgres.execute(
                    database,
                    OPEN_TABLES
                            + "update audit_leaf set hash = sha256(hash) where log = 'acme' and"
                            + " index = (select max(index) from audit_leaf where log = 'acme')");

            assertThatThrownBy(() -> node.store().audit().checkpoint(StoreNode.TENANT))
                    .isInstanceOf(StoreFailure.class);
            assertThat(node.store().trouble()).contains("log_contradiction");
            assertThat(node.intend("after")).isEqualTo(new Appended.Unavailable());
        }
    }

    private static final String RECORDS = "select count(*) from audit_intake where log = 'acme'";

    private long leaves() {
        return FaultyPostgres.count(database, "select count(*) from audit_leaf where log = 'acme'");
    }

    /** R8, H12. */
    @Test
    void aLogWhoseTailWasCutIsNotOpened() throws InterruptedException {
        assertRefusedAfter("acme");
    }

    /** H12: the log of the installation itself. */
    @Test
    void theLogOfTheSystemIsNotOpenedEither() throws InterruptedException {
        assertRefusedAfter("_system");
    }

    private void assertRefusedAfter(String log) throws InterruptedException {
        var folder = filled();
        FaultyPostgres.execute(
                database,
                OPEN_TABLES
                        + "delete from audit_intake i using audit_leaf l where l.log = '%1$s' and"
                                .formatted(log)
                        + " l.log = i.log and l.writer = i.writer and l.epoch = i.epoch"
                        + " and l.wseq = i.wseq and l.index = (select max(index) from audit_leaf"
                        + " where log = '%1$s');".formatted(log)
                        + "delete from audit_leaf where log = '%1$s' and index = (select max(index)"
                                .formatted(log)
                        + " from audit_leaf where log = '%1$s')".formatted(log));

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("the audit log of " + log);
    }

    /** A folder and its database, stopped cleanly after a few records. */
    private Path filled() throws InterruptedException {
        var folder = postgres.newFolder();
        try (var store = open(folder)) {
            store.trail().append(StoreNode.fact());
            store.trail().append(StoreNode.fact());
            store.settings().create(StoreNode.TENANT, StoreNode.admin());
        }
        return folder;
    }

    private Store open(Path folder) throws InterruptedException {
        return Store.open(
                new Store.Settings(
                        database,
                        GatewayFolder.open(folder),
                        new byte[32],
                        "a",
                        Clock.systemUTC(),
                        StoreNode.ALERT));
    }

    @Test
    void aLogThatWasStoppedAndStartedGoesOn() throws InterruptedException {
        var folder = filled();
        open(folder).close();
        try (var store = open(folder)) {
            assertThat(store.trouble()).isEmpty();
        }
    }

    /** R7. */
    @Test
    void aLostKeyIsNotReplacedWhereItHasSigned() throws InterruptedException, IOException {
        var folder = filled();
        Files.delete(folder.resolve("audit.key"));

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("audit.key is missing");
        assertThat(folder.resolve("audit.key")).doesNotExist();
    }

    /** R7. */
    @Test
    void aKeyThatHasNotSignedWhatIsThereIsRefused() throws InterruptedException, IOException {
        var folder = filled();
        var other = filled();
        Files.copy(
                other.resolve("audit.key"),
                folder.resolve("audit.key"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("not signed with audit.key");
    }

    /** R10. */
    @Test
    void aRunThatACrashHasCutIsClosedOnceItsLeaseIsOver() throws InterruptedException {
        try (var node = StoreNode.open(postgres, database, "a", StoreNode.UNCONCERNED);
                var other = StoreNode.open(postgres, database, "b", StoreNode.ALERT)) {
            var cut = node.run("run_cut");
            var ended = node.run("run_ended");
            assertThat(node.endRun("run_ended", ended)).isInstanceOf(Appended.Written.class);
            FaultyPostgres.execute(
                    database,
                    "update audit_writer set epoch = epoch + 1,"
                            + " expires = clock_timestamp() - interval '1 s' where writer like 'a-%'");

            eventually()
                    .untilAsserted(() ->
                            assertThat(node.outcomes(cut))
                                    .containsExactly(Status.INDETERMINATE.code()));
            assertThat(node.outcomes(ended)).containsExactly(Status.OK.code());
            assertThat(
                            FaultyPostgres.column(
                                    database,
                                    "select convert_from(leaf, 'UTF8')::jsonb #>> '{what,turn,run}'"
                                            + " from audit_intake where kind = 'chat.response'"))
                    .containsExactlyInAnyOrder("run_cut", "run_ended");
            other.assertVerified();
        }
    }
}
