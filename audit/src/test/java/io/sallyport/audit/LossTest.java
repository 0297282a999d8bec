package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LossTest {
    private static final byte[] NONE = new byte[0];
    private static final byte[] PAYLOAD = {1, 2, 3};

    private final TestLog log = new TestLog(TestLog.KEY);
    private final List<byte[]> payloads = new ArrayList<>();

    private void sealed(String subject, String month, byte[] payload) {
        String digest = SealedPayload.digest(PAYLOAD);
        var sealed = new AuditRecord.Sealed("0a", "k1", subject, month, digest);
        log.append("w1", log.record(AuditRecord.Kind.CALL_INTENT).with(sealed));
        payloads.add(payload);
    }

    private void says(AuditRecord.Kind kind, AuditRecord.Change change) {
        log.append("w1", log.record(kind).with(change));
        payloads.add(NONE);
    }

    private void erases(String subject) {
        says(AuditRecord.Kind.AUDIT_ERASE, AuditRecord.Change.of(subject, "", ""));
    }

    private void retires(String month) {
        says(AuditRecord.Kind.AUDIT_RETENTION, AuditRecord.Change.of("", "", month));
    }

    private Verification verify(boolean withPayloads) {
        var key = TestLog.KEY.verifier();
        var head = new LogHead(log.checkpoint(), key.vkey(), withPayloads);
        return LogVerifier.verify(TestLog.source(head, entries()), List.of(log.checkpoint()), key);
    }

    private List<LogEntry> entries() {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < log.leaves.size(); i++) {
            entries.add(new LogEntry.Stored(i, log.leaves.get(i), payloads.get(i)));
        }
        return entries;
    }

    /**
     * What is said of a store that goes on after its checkpoints.
     *
     * @param own size of the one that it shows for itself; none if negative
     */
    private Verification verifyStore(int own, int outside) {
        var head = new LogHead(own < 0 ? "" : log.checkpoint(own), "", true);
        int size = log.leaves.size();
        var tree = new Checkpoint(TestLog.KEY.name(), size, log.root(size));
        var state = new StoreState(tree, 0, 0, Set.of("k1"));
        var source = TestLog.source(head, entries(), state);
        return LogVerifier.verify(source, List.of(log.checkpoint(outside)), TestLog.KEY.verifier());
    }

    private void assertLost(Verification found, long index) {
        assertThat(found.findings()).containsExactly(Finding.at(Finding.Cause.PAYLOAD_LOST, index));
    }

    @Test
    void payloadsThatAreThereAreFine() {
        sealed("ada", "2026-11", PAYLOAD);
        assertThat(verify(true).verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void aMissingPayloadIsALoss() {
        sealed("ada", "2026-11", PAYLOAD);
        sealed("bob", "2026-11", NONE);
        var found = verify(true);
        assertThat(found.verdict()).isEqualTo(Verdict.UNAUTHORISED_LOSS);
        assertThat(found.index()).hasValue(1);
    }

    @Test
    void aLogWithoutPayloadsSaysNothingOfThem() {
        sealed("ada", "2026-11", NONE);
        assertThat(verify(false).verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void anErasureExplainsWhatCameBeforeIt() {
        sealed("ada", "2026-10", NONE);
        sealed("ada", "2026-11", NONE);
        erases("ada");
        sealed("ada", "2026-11", PAYLOAD);
        var found = verify(true);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.sentence())
                .isEqualTo("4 records verified, 1 payloads, 2 erased, all authorised");
    }

    @Test
    void anErasureExplainsNothingOfOthersOrLater() {
        sealed("bob", "2026-11", NONE);
        erases("ada");
        sealed("ada", "2026-11", NONE);
        var found = verify(true);
        assertThat(found.verdict()).isEqualTo(Verdict.UNAUTHORISED_LOSS);
        assertThat(found.index()).hasValue(0);
    }

    @Test
    void retentionExplainsMonthsUpToItsOwn() {
        sealed("ada", "2026-09", NONE);
        sealed("ada", "2026-10", NONE);
        retires("2026-10");
        assertThat(verify(true).verdict()).isEqualTo(Verdict.OK);

        sealed("ada", "2026-11", NONE);
        retires("2026-10");
        assertThat(verify(true).index()).hasValue(3);
    }

    /** H13. Anybody who writes to the database can add a record that no checkpoint covers. */
    @Test
    void anErasureExplainsNothingUntilACheckpointCoversIt() {
        sealed("ada", "2026-11", NONE);
        sealed("bob", "2026-11", PAYLOAD);
        erases("ada");
        assertLost(verifyStore(2, 2), 0);
        assertLost(verifyStore(1, 2), 0);
        assertLost(verifyStore(-1, 2), 0);
        assertThat(verifyStore(2, 2).sentence())
                .isEqualTo("the payload of record 0 is missing without authorisation");
        assertThat(verifyStore(2, 2).coverage().payloads().lost()).isEqualTo(1);

        for (var covered : List.of(verifyStore(3, 2), verifyStore(2, 3), verifyStore(-1, 3))) {
            assertThat(covered.verdict()).isEqualTo(Verdict.OK);
            assertThat(covered.erased()).isEqualTo(1);
        }
    }

    /** H13. A lane of its own begins like any other. */
    @Test
    void anErasureInALaneOfItsOwnIsNoneEither() {
        sealed("ada", "2026-11", NONE);
        log.append(
                "w9",
                log.record(AuditRecord.Kind.AUDIT_ERASE)
                        .with(AuditRecord.Change.of("ada", "", "")));
        payloads.add(NONE);
        assertLost(verifyStore(1, 1), 0);
    }

    /** H13. */
    @Test
    void aRetentionExplainsNothingUntilACheckpointCoversIt() {
        sealed("ada", "2026-10", NONE);
        sealed("bob", "2026-11", NONE);
        retires("2026-10");
        sealed("bob", "2026-12", PAYLOAD);
        retires("2027-01");
        assertLost(verifyStore(2, 1), 0);
        assertLost(verifyStore(3, 4), 1);
        assertThat(verifyStore(3, 5).verdict()).isEqualTo(Verdict.OK);
    }

    /** H13. What a checkpoint covers is not undone by what somebody adds. */
    @Test
    void whatIsAddedLaterTakesNothingFromWhatIsCovered() {
        sealed("ada", "2026-11", NONE);
        sealed("bob", "2026-10", NONE);
        erases("ada");
        retires("2026-10");
        erases("ada");
        retires("2026-12");
        assertThat(verifyStore(4, 3).verdict()).isEqualTo(Verdict.OK);
        sealed("ada", "2027-03", NONE);
        erases("ada");
        retires("2027-02");
        retires("2027-05");
        assertLost(verifyStore(4, 7), 6);
        assertThat(verifyStore(6, 10).verdict()).isEqualTo(Verdict.OK);
    }

    /** H13. A checkpoint of other records covers none of these. */
    @Test
    void aCheckpointThatDisagreesLendsNoAuthority() {
        sealed("ada", "2026-11", NONE);
        erases("ada");
        var other = TestLog.of(2).checkpoint();
        var key = TestLog.KEY.verifier();
        var found =
                LogVerifier.verify(
                        TestLog.source(new LogHead(other, "", true), entries()),
                        List.of(log.checkpoint(1)),
                        key);
        assertThat(found.verdict()).isEqualTo(Verdict.TAMPERED);
        assertThat(found.findings()).contains(Finding.at(Finding.Cause.PAYLOAD_LOST, 0));
    }

    /** Retentions that wait for one checkpoint count from the next as if each had been covered. */
    @Test
    void aLongerRetentionIsNotUndoneByAShorterOneThatFollows() {
        sealed("ada", "2026-12", NONE);
        retires("2027-01");
        sealed("ada", "2026-10", NONE);
        retires("2026-11");
        assertThat(verifyStore(2, 4).verdict()).isEqualTo(Verdict.OK);
        assertThat(verifyStore(4, 1).verdict()).isEqualTo(Verdict.OK);
        sealed("bob", "2026-12", NONE);
        assertLost(verifyStore(5, 4), 4);
    }

    @Test
    void wordsThatNameNoMonthOrSubjectExplainNothing() {
        sealed("", "", NONE);
        erases("");
        retires("zzzz");
        retires("2026-13");
        assertThat(verify(true).verdict()).isEqualTo(Verdict.UNAUTHORISED_LOSS);
    }

    @Test
    void aChangedPayloadIsTampering() {
        sealed("ada", "2026-11", PAYLOAD);
        sealed("ada", "2026-11", new byte[] {1, 2, 4});
        var found = verify(true);
        assertThat(found.verdict()).isEqualTo(Verdict.TAMPERED);
        assertThat(found.index()).hasValue(1);
    }

    @Test
    void aPayloadThatNoRecordSealedIsTampering() {
        says(AuditRecord.Kind.HEARTBEAT, AuditRecord.Change.NONE);
        payloads.set(0, PAYLOAD);
        assertThat(verify(true).verdict()).isEqualTo(Verdict.TAMPERED);
    }

    @Test
    void anExportCarriesPayloads() {
        sealed("ada", "2026-11", PAYLOAD);
        sealed("ada", "2026-11", NONE);
        erases("ada");
        List<LogEntry.Stored> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            entries.add(new LogEntry.Stored(i, log.leaves.get(i), payloads.get(i)));
        }
        var key = TestLog.KEY.verifier();
        byte[] export = TestLog.export(new LogHead(log.checkpoint(), key.vkey(), true), entries);
        var source = LogExport.read(() -> new ByteArrayInputStream(export));
        var found = LogVerifier.verify(source, List.of(log.checkpoint()), key);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.erased()).isEqualTo(1);
    }

    /** H2. A hostile log may retire and seal as often as it likes. */
    @Test
    @Timeout(60)
    void retentionsAndKeysAreNotWeighedAgainstEachOther() {
        int many = 200_000;
        var losses = new LossCheck();
        var frame = WriterLane.open("w1", 1).next();
        for (int i = 0; i < many; i++) {
            String month = "%04d-01".formatted(9_999 - i % 9_999);
            losses.sealed(new AuditRecord.Sealed("0a", "k" + i, "ada", month, ""), false, i);
            var change = AuditRecord.Change.of("", "", month);
            losses.authorise(
                    new Leaf(
                            "audit.retention",
                            "acme",
                            0,
                            frame,
                            change,
                            AuditRecord.Sealed.NONE,
                            SearchTerms.unread("audit.retention")),
                    i);
        }
        losses.cover();
        assertThat(losses.losses().firstPayload()).hasValue(199_980); // the last of 9999-01
    }

    @Test
    void aLaterRetentionOfFewerMonthsTakesNothingFromAnEarlierOne() {
        sealed("ada", "2026-11", NONE);
        retires("2026-12");
        retires("2026-10");
        assertThat(verify(true).verdict()).isEqualTo(Verdict.OK);
        sealed("ada", "2026-11", NONE);
        assertThat(verify(true).verdict()).isEqualTo(Verdict.UNAUTHORISED_LOSS);
        retires("2027-01");
        assertThat(verify(true).verdict()).isEqualTo(Verdict.OK);
    }
}
