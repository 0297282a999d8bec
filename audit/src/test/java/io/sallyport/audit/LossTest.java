package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
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
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < log.leaves.size(); i++) {
            entries.add(new LogEntry.Stored(i, log.leaves.get(i), payloads.get(i)));
        }
        var key = TestLog.KEY.verifier();
        var head = new LogHead(log.checkpoint(), key.vkey(), withPayloads);
        return LogVerifier.verify(TestLog.source(head, entries), List.of(log.checkpoint()), key);
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
