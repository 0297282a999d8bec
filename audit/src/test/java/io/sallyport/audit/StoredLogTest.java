package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** H13. What a store keeps beside the records is held against them too. */
class StoredLogTest {
    private static final NoteVerifier KEY = TestLog.KEY.verifier();
    private static final byte[] PAYLOAD = {1, 2, 3};
    private static final byte[] NOTHING = {};

    private final TestLog log = TestLog.of(20);
    private final List<String> outside = List.of(log.checkpoint(10));
    private final List<LogEntry> entries = new ArrayList<>();
    private String own = log.checkpoint(15);
    private StoreState state = new StoreState(head(20), 0, 0, Set.of("k1"));

    StoredLogTest() {
        for (int i = 0; i < 20; i++) {
            entries.add(entry(i, NOTHING));
        }
    }

    private Checkpoint head(int size) {
        return new Checkpoint(TestLog.KEY.name(), size, log.root(size));
    }

    private LogEntry.Stored entry(int index, byte[] payload) {
        byte[] leaf = log.leaves.get(index);
        return new LogEntry.Stored(index, leaf, payload, columns(leaf));
    }

    private static LogEntry.Labels.Columns columns(byte[] leaf) {
        var read = Leaf.parse(leaf).orElseThrow();
        return new LogEntry.Labels.Columns(
                MerkleTree.leafHash(leaf), read.kind(), read.micros(), read.frame().recordId());
    }

    private Verification verify(List<String> notes) {
        return verify(notes, Demands.NONE);
    }

    private Verification verify(List<String> notes, Demands demands) {
        var source =
                new LogSource() {
                    @Override
                    public LogHead head() {
                        return new LogHead(own, "", true);
                    }

                    @Override
                    public Stream<LogEntry> entries() {
                        return entries.stream();
                    }

                    @Override
                    public Optional<StoreState> state() {
                        return Optional.of(state);
                    }
                };
        return LogVerifier.verify(source, notes, KEY, demands);
    }

    private void assertFound(Finding.Cause cause, long index) {
        assertThat(verify(outside).findings()).containsExactly(Finding.at(cause, index));
    }

    @Test
    void aLogThatGoesOnAfterItsCheckpointIsOkAndSaysSo() {
        var found = verify(outside);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.sentence())
                .isEqualTo(
                        "20 records verified, 0 payloads and their keys, 0 erased, all authorised;"
                                + " keys not opened; the last 5 are in no checkpoint yet");
    }

    /** H13. Anybody who writes to the database can add a record that looks new. */
    @Test
    void aLogIsAsNewAsTheNewestRecordThatACheckpointCovers() {
        var covered = Demands.notBefore(TestLog.NOON.plusMillis(14));
        var uncovered = Demands.notBefore(TestLog.NOON.plusMillis(15));
        assertThat(verify(outside, covered).verdict()).isEqualTo(Verdict.OK);
        assertThat(verify(outside, uncovered).findings())
                .containsExactly(Finding.of(Finding.Cause.TOO_OLD));
        own = log.checkpoint(16);
        assertThat(verify(outside, uncovered).verdict()).isEqualTo(Verdict.OK);
        own = "";
        assertThat(verify(List.of(log.checkpoint(16)), uncovered).verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void anOwnCheckpointThatIsLostOrGarbledLeavesTheOutsideOneToDecide() {
        own = "";
        assertThat(verify(outside).verdict()).isEqualTo(Verdict.OK);
        assertThat(verify(outside).sentence()).endsWith("its own checkpoint is missing");
        own = "garbled";
        assertThat(verify(outside).verdict()).isEqualTo(Verdict.OK);
        assertThat(verify(outside).sentence()).contains("its own checkpoint does not open");
        assertThat(verify(List.of()).verdict()).isEqualTo(Verdict.CANNOT_VERIFY);
    }

    @Test
    void recordsOnTheirWayIntoTheTreeAreToldAndStrandedOnesAreAGap() {
        state = new StoreState(head(20), 2, 0, Set.of());
        assertThat(verify(outside).verdict()).isEqualTo(Verdict.OK);
        assertThat(verify(outside).sentence()).endsWith("; 2 more are not in the tree yet");
        state = new StoreState(head(20), 2, 1, Set.of());
        assertFound(Finding.Cause.IN_NO_TREE, 20);
    }

    @Test
    void aTreeThatIsLongerThanItsRecordsIsAGap() {
        entries.subList(18, 20).clear();
        assertFound(Finding.Cause.MISSING, 18);
    }

    @Test
    void aHoleBehindTheLastCheckpointIsAGap() {
        entries.remove(17);
        assertThat(verify(outside).verdict()).isEqualTo(Verdict.GAP);
        assertThat(verify(outside).index()).hasValue(17);
    }

    @Test
    void recordsBehindTheTreeAreTampering() {
        state = new StoreState(head(18), 0, 0, Set.of());
        assertFound(Finding.Cause.BEHIND_THE_TREE, 18);
    }

    @Test
    void aTreeWithAnotherRootIsTampering() {
        var other = new Checkpoint(TestLog.KEY.name(), 20, log.root(19));
        state = new StoreState(other, 0, 0, Set.of());
        assertFound(Finding.Cause.CHANGED, 15);
    }

    @Test
    void aColumnThatContradictsItsRecordIsTampering() {
        byte[] leaf = log.leaves.get(7);
        var right = columns(leaf);
        byte[] hash = right.hash();
        for (var wrong :
                List.of(
                        new LogEntry.Labels.Columns(
                                new byte[32], right.kind(), right.micros(), right.id()),
                        new LogEntry.Labels.Columns(hash, "heartbeat", right.micros(), right.id()),
                        new LogEntry.Labels.Columns(hash, right.kind(), 1, right.id()),
                        new LogEntry.Labels.Columns(
                                hash, right.kind(), right.micros(), new RecordId("w9", 1, 1)))) {
            entries.set(7, new LogEntry.Stored(7, leaf, NOTHING, wrong));
            assertFound(Finding.Cause.MISLABELLED, 7);
        }
    }

    @Test
    void payloadsWithoutTheirKeyAreALossUnlessACoveredErasureSaysSo() {
        seal("ada", "k1");
        seal("bob", "k2");
        assertFound(Finding.Cause.KEY_LOST, 21);
        log.append(
                "w1",
                log.record(AuditRecord.Kind.AUDIT_ERASE)
                        .with(AuditRecord.Change.of("bob", "", "")));
        addLast(NOTHING);
        assertFound(Finding.Cause.KEY_LOST, 21); // no checkpoint covers the erasure
        own = log.checkpoint();
        var found = verify(outside);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.sentence())
                .contains("1 payloads and their keys, 1 erased, all authorised");
    }

    private void seal(String subject, String key) {
        var sealed =
                new AuditRecord.Sealed(
                        "0a", key, subject, "2026-11", SealedPayload.digest(PAYLOAD));
        log.append("w1", log.record(AuditRecord.Kind.CALL_INTENT).with(sealed));
        addLast(PAYLOAD);
    }

    private void addLast(byte[] payload) {
        entries.add(entry(log.leaves.size() - 1, payload));
        state = new StoreState(head(log.leaves.size()), 0, 0, Set.of("k1"));
    }

    /** An index that is behind is no contradiction. */
    @Test
    void aSearchIndexSaysWhatTheLogSaysUpToItsMark() {
        for (int next : List.of(0, 7, 20)) {
            index(next, next);
            assertThat(verify(outside).verdict()).isEqualTo(Verdict.OK);
        }
        index(20, 21);
        assertThat(verify(outside).findings())
                .containsExactly(Finding.of(Finding.Cause.SEARCH_CONTRADICTS));
        index(20, 20);
        mark(21, 21);
        assertFound(Finding.Cause.SEARCH_CONTRADICTS, 20);
        index(20, 20);
        mark(12, 12);
        assertFound(Finding.Cause.SEARCH_CONTRADICTS, 12);
        index(12, 12);
        mark(20, 12);
        assertFound(Finding.Cause.SEARCH_CONTRADICTS, 12);
    }

    private void index(int next, long rows) {
        for (int i = 0; i < 20; i++) {
            byte[] leaf = log.leaves.get(i);
            var terms = Leaf.parse(leaf).map(Leaf::terms).filter(inIndex(i < next));
            var right = columns(leaf);
            var indexed =
                    new LogEntry.Labels.Columns(
                            right.hash(), right.kind(), right.micros(), right.id(), terms);
            entries.set(i, new LogEntry.Stored(i, leaf, NOTHING, indexed));
        }
        mark(next, rows);
    }

    private static Predicate<SearchTerms> inIndex(boolean is) {
        return _ -> is;
    }

    private void mark(long next, long rows) {
        state =
                new StoreState(
                        head(20),
                        0,
                        0,
                        StoredKeys.unopened(Set.of("k1")),
                        new StoreState.Search(next, rows));
    }

    @Test
    void everyChangeBetweenTheCheckpointsIsFound() {
        for (int index = 0; index < 20; index++) {
            byte[] leaf = log.leaves.get(index).clone();
            leaf[40] ^= 1;
            var kept = entries.set(index, new LogEntry.Stored(index, leaf, NOTHING));
            assertThat(verify(outside).verdict()).isEqualTo(Verdict.TAMPERED);
            entries.set(index, kept);
        }
        assertThat(verify(outside).verdict()).isEqualTo(Verdict.OK);
    }
}
