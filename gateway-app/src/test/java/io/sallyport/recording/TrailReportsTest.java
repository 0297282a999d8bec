package io.sallyport.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.RecordId;
import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.RunRecords.RunEnd;
import io.sallyport.recording.RunRecords.RunStart;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TrailReportsTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final RunStart START =
            new RunStart(
                    new Principal(TENANT, "user:ada", "k1", Set.of(), Set.of()),
                    "run_1",
                    "fast",
                    "r1",
                    false,
                    false,
                    "");

    private static final RunEnd END = new RunEnd("ok", "", 1, 0, -1, -1, 5);

    private final List<TrailEntry> written = new ArrayList<>();
    private final List<Runnable> handedOn = new ArrayList<>();
    private final AtomicReference<Optional<String>> known = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<RuntimeException>> failure =
            new AtomicReference<>(Optional.empty());
    private final TrailReports reports =
            new TrailReports(
                    new Trail(), new Names(), _ -> "digest", handedOn::add, Clock.systemUTC());

    /** H14. */
    @Test
    void aKnownOwnersRunIsRecordedAtOnce() {
        known.set(Optional.of("p_1"));

        assertThat(reports.started(START)).isCompletedWithValue(true);
        assertThat(handedOn).isEmpty();
    }

    /** H14: an event loop never waits for the store. */
    @Test
    void anUnknownOwnerIsLookedUpOnAWorker() {
        var started = reports.started(START);
        assertThat(started).isNotDone();
        assertThat(written).isEmpty();

        handedOn.removeFirst().run();

        assertThat(started).isCompletedWithValue(true);
        assertThat(written).singleElement().matches(TrailReportsTest::namesThePseudonym);
    }

    private static boolean namesThePseudonym(TrailEntry entry) {
        return entry.record().who().subject().equals("p_asked");
    }

    /** H14: the chat face answers 503 to a record that fails. */
    @Test
    void aStoreThatIsAwayFailsTheRecordAndNotTheThread() {
        failure.set(Optional.of(new StoreFailure(new IllegalStateException("away"))));
        var started = reports.started(START);

        handedOn.removeFirst().run();

        assertThat(started).isCompletedExceptionally();
    }

    /** R10. */
    @Test
    void aRunEndsOnceAndItsEndNamesItsStart() {
        known.set(Optional.of("p_1"));
        var _ = reports.started(START);

        assertThat(reports.finished(START, END)).isCompletedWithValue(true);
        assertThat(reports.finished(START, END)).isCompletedWithValue(false);

        assertThat(written).hasSize(2);
        assertThat(written.getLast())
                .isInstanceOfSatisfying(
                        TrailEntry.Outcome.class,
                        it -> assertThat(it.intent()).hasToString("w:1:1"));
    }

    private final class Names implements Payloads {
        @Override
        public String pseudonym(TenantId tenant, String subject) {
            failure.get()
                    .ifPresent(it -> {
                        throw it;
                    });
            return "p_asked";
        }

        @Override
        public Optional<String> knownPseudonym(TenantId tenant, String subject) {
            return known.get();
        }

        @Override
        public Sealing seal(TenantId tenant, String pseudonym, byte[] bytes, byte[] kept) {
            throw new IllegalStateException("nothing is sealed here");
        }
    }

    private final class Trail implements AuditTrail {
        @Override
        public CompletableFuture<Appended> submit(TrailEntry entry) {
            written.add(entry);
            return CompletableFuture.completedFuture(
                    new Appended.Written(RecordId.parse("w:1:1").orElseThrow()));
        }

        @Override
        public Appended append(TrailEntry entry, java.time.Duration patience) {
            return submit(entry).join();
        }

        @Override
        public void report(AuditRecord record) {
            var _ = submit(new TrailEntry.Fact(record));
        }
    }
}
