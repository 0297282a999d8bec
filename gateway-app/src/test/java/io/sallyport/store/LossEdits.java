package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.LeafBody;
import io.sallyport.audit.MerkleTree;
import io.sallyport.audit.TreeFrontier;
import io.sallyport.audit.WriterLane;
import io.sallyport.policy.TenantId;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What somebody does to the payloads of a log and to their keys, and how it is made to look
 * authorised: by records in a lane of their own, behind every checkpoint.
 */
final class LossEdits {
    private static final String NOBODY = "nobody";

    private final WrittenFolder folder;
    private final TenantId log;

    LossEdits(WrittenFolder folder, TenantId log) {
        this.folder = folder;
        this.log = log;
    }

    void addTo(Map<String, Runnable> edits) {
        payloads(edits);
        authorised(edits);
    }

    private void payloads(Map<String, Runnable> edits) {
        edits.put("payloads deleted", this::deletePayloads);
        edits.put(
                "payload changed",
                () ->
                        sql(
                                "update audit_payload set sealed = set_byte(sealed, 20,"
                                        + " get_byte(sealed, 20) # 1) where log = '%s'"));
        edits.put(
                "payloads swapped",
                () ->
                        sql(
                                "update audit_payload p set sealed = (select sealed"
                                        + " from audit_payload q where q.log = p.log"
                                        + " order by q.sealed limit 1)"
                                        + " where log = '%s'"));
        edits.put("subject keys deleted", this::deleteKeys);
    }

    private void authorised(Map<String, Runnable> edits) {
        edits.put(
                "payloads of a subject deleted, erasure forged behind the checkpoints",
                () -> {
                    var subject = subjects().getFirst();
                    deletePayloadsOf(subject);
                    forge(Stream.of(erasure(subject)));
                });
        edits.put(
                "payloads deleted, retention forged behind the checkpoints with its lane",
                () -> {
                    deletePayloads();
                    forge(Stream.of(retention()));
                    addLane();
                });
        edits.put(
                "subject keys deleted, erasures forged behind the checkpoints with their lane",
                () -> {
                    var subjects = subjects();
                    deleteKeys();
                    forge(subjects.stream().map(this::erasure));
                    addLane();
                });
    }

    private AuditRecord erasure(String subject) {
        return record(Kind.AUDIT_ERASE, Change.of(subject, "", ""));
    }

    private AuditRecord retention() {
        return record(Kind.AUDIT_RETENTION, Change.of("", "", "9999-12"));
    }

    private AuditRecord record(Kind kind, Change change) {
        return AuditRecord.of(kind, log.value(), Clock.systemUTC().instant()).with(change);
    }

    private void deletePayloads() {
        sql("delete from audit_payload where log = '%s'");
    }

    private void deleteKeys() {
        sql("delete from audit_keys.subject_key where tenant = '%s'");
    }

    private void deletePayloadsOf(String subject) {
        sql(
                "delete from audit_payload p using audit_intake i where p.log = '%s'"
                        + " and (i.log, i.writer, i.epoch, i.wseq)"
                        + " = (p.log, p.writer, p.epoch, p.wseq)"
                        + " and convert_from(i.leaf, 'UTF8')::jsonb #>> '{sealed,subject}' = '"
                        + subject
                        + "'");
    }

    private List<String> subjects() {
        return FaultyPostgres.column(
                folder.address(),
                "select distinct pseudonym from audit_keys.subject_key where tenant = ? order by 1",
                log.value());
    }

    /** Puts records at the end of the log, and makes the tree fit. */
    private void forge(Stream<AuditRecord> records) {
        var lane = WriterLane.open(NOBODY, 1);
        var index = hashes().size();
        for (var record : records.toList()) {
            var frame = lane.next();
            var leaf = LeafBody.of(record).framed(frame);
            var place = "'%s', %d, '%s', 1".formatted(log, frame.sequence(), NOBODY);
            var hash = hex(MerkleTree.leafHash(leaf));
            sql(
                    ("insert into audit_intake (log, wseq, writer, epoch, kind, ts, leaf, hash)"
                                    + " values (%s, '%s', %d, '\\x%s', '\\x%s')")
                            .formatted(
                                    place, record.kind().code(), record.micros(), hex(leaf), hash));
            sql(
                    ("insert into audit_leaf (log, wseq, writer, epoch, index, hash)"
                                    + " values (%s, %d, '\\x%s')")
                            .formatted(place, index, hash));
            lane = lane.after(leaf);
            index++;
        }
        growTree();
    }

    private void growTree() {
        var tree = new TreeFrontier();
        hashes().forEach(it -> tree.append(HexFormat.of().parseHex(it)));
        sql(
                "update audit_tree set size = %d, frontier = '\\x%s'"
                                .formatted(tree.size(), hex(tree.encode()))
                        + " where log = '%s'");
    }

    private List<String> hashes() {
        return FaultyPostgres.column(
                folder.address(),
                "select encode(hash, 'hex') from audit_leaf where log = ? order by index",
                log.value());
    }

    /** As if a writer had made it, so that a start finds nothing in no tree. */
    private void addLane() {
        sql(
                "insert into audit_epoch (writer, epoch, recovered, finished)"
                        + " values ('nobody', 1, true, true);"
                        + " insert into audit_lane (log, writer, epoch, wseq)"
                        + " select log, writer, epoch, max(wseq) from audit_intake"
                        + " where writer = 'nobody' and log = '%s' group by log, writer, epoch");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private void sql(String statement) {
        folder.sql(statement.formatted(log));
    }
}
