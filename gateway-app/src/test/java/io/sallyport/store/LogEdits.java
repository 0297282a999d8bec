package io.sallyport.store;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.MerkleTree;
import io.sallyport.audit.NoteSigner;
import io.sallyport.audit.SignedNote;
import io.sallyport.audit.TreeFrontier;
import io.sallyport.policy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What somebody does to a log who writes to its database and its folder; by the edit's name. */
final class LogEdits {
    private static final Pattern FRAME =
            Pattern.compile(
                    "\"writer\":\\{\"epoch\":(\\d+),\"id\":\"([^\"]+)\",\"prev\":\"([0-9a-f]{64})\"");

    private static final String PLACE =
            "(log, writer, epoch, wseq) = (select log, writer, epoch, wseq from audit_leaf"
                    + " where log = '%s' and index = %d)";

    private static final int AT = 11;

    private final WrittenFolder folder;
    private final TenantId log;
    private final TenantId other;

    LogEdits(WrittenFolder folder, TenantId log, TenantId other) {
        this.folder = folder;
        this.log = log;
        this.other = other;
    }

    Map<String, Runnable> all() {
        var edits = new LinkedHashMap<String, Runnable>();
        edits.put("nothing", () -> {});
        values(edits);
        rows(edits);
        orders(edits);
        rewrites(edits);
        new LossEdits(folder, log).addTo(edits);
        new DerivedEdits(folder, log).addTo(edits);
        files(edits);
        return edits;
    }

    private void values(Map<String, Runnable> edits) {
        var flipped = "leaf = set_byte(leaf, 60, get_byte(leaf, 60) # 1)";
        var value = "convert_to(replace(convert_from(leaf, 'UTF8'), 'reads', 'lends'), 'UTF8')";
        var hash = "sha256('\\x00'::bytea || " + value + ")";
        edits.put("byte flipped in a leaf", () -> intake(flipped));
        edits.put("value changed", () -> intake("leaf = " + value));
        edits.put("value and hashes changed", () -> valueAndHashes(value, hash));
        edits.put(
                "hash column changed",
                () -> sql("update audit_leaf set hash = set_byte(hash, 3, 0) where " + place(AT)));
        edits.put("kind column changed", () -> intake("kind = 'heartbeat'"));
    }

    private void valueAndHashes(String value, String hash) {
        sql(
                "update audit_leaf set hash = (select "
                        + hash
                        + " from audit_intake i where "
                        + "(i.log, i.writer, i.epoch, i.wseq) = (audit_leaf.log, audit_leaf.writer,"
                        + " audit_leaf.epoch, audit_leaf.wseq)) where "
                        + place(AT));
        intake("leaf = " + value + ", hash = " + hash);
    }

    private void deleteAndRenumber() {
        deleteBoth();
        sql(
                "update audit_leaf set index = -index where log = '%s' and index > %d"
                        .formatted(log, AT));
        sql(
                "update audit_leaf set index = -index - 1 where log = '%s' and index < 0"
                        .formatted(log));
    }

    private void rows(Map<String, Runnable> edits) {
        edits.put("leaf row deleted in the middle", () -> delete("audit_leaf", AT));
        edits.put("intake row deleted in the middle", () -> delete("audit_intake", AT));
        edits.put("both rows deleted in the middle", this::deleteBoth);
        edits.put("both rows deleted in the middle and renumbered", this::deleteAndRenumber);
        edits.put("last rows deleted", () -> cut(5));
        edits.put(
                "last rows deleted, older own checkpoint",
                () -> {
                    cut(5);
                    write(journal(), folder.then("older", journal()));
                });
        edits.put(
                "last rows deleted, tree and lanes cut too",
                () -> {
                    cut(5);
                    tree(leaves());
                    sql(
                            "update audit_lane m set wseq = (select count(*) from audit_intake i where"
                                    + " (i.log, i.writer, i.epoch) = (m.log, m.writer, m.epoch))"
                                    + " where log = '%s'".formatted(log));
                });
        edits.put(
                "all rows deleted",
                () -> {
                    sql("delete from audit_intake where log = '%s'".formatted(log));
                    sql("delete from audit_leaf where log = '%s'".formatted(log));
                    sql("delete from audit_tree where log = '%s'".formatted(log));
                    sql("delete from audit_lane where log = '%s'".formatted(log));
                });
    }

    private void deleteBoth() {
        delete("audit_intake", AT);
        delete("audit_leaf", AT);
    }

    private void cut(int records) {
        for (long index = size() - 1; records > 0; index--, records--) {
            delete("audit_intake", index);
            delete("audit_leaf", index);
        }
    }

    private void orders(Map<String, Runnable> edits) {
        edits.put(
                "indexes swapped",
                () ->
                        List.of("-1 where index = 8", "8 where index = 11", "11 where index = -1")
                                .forEach(it ->
                                        sql(
                                                "update audit_leaf set index = %s and log = '%s'"
                                                        .formatted(it, log))));
        edits.put(
                "leaves swapped",
                () -> {
                    var leaves = leaves();
                    intake(8, leaf(leaves.get(AT)));
                    intake(AT, leaf(leaves.get(8)));
                });
        edits.put("moved to another log", () -> move(log, other));
        edits.put("moved here from another log", () -> move(other, log));
        edits.put("duplicated", () -> add(leaves().get(AT)));
    }

    private void move(TenantId from, TenantId to) {
        var size = size(to);
        var place = PLACE.formatted(from, AT);
        sql("update audit_intake set log = '%s', wseq = 9000 where %s".formatted(to, place));
        sql(
                "update audit_leaf set log = '%s', wseq = 9000, index = %d where %s"
                        .formatted(to, size, place));
    }

    private void rewrites(Map<String, Runnable> edits) {
        edits.put("everything hashed again", () -> hashAgain());
        edits.put(
                "everything hashed again and signed with the key",
                () -> {
                    hashAgain();
                    sign();
                });
        edits.put(
                "one forged behind the checkpoint, then signed with the key",
                () -> {
                    var last = new String(leaves().getLast(), StandardCharsets.UTF_8);
                    add(last.replace("reads", "lends").getBytes(StandardCharsets.UTF_8));
                    tree(leaves());
                    sign();
                });
        edits.put(
                "one forged that is in no tree",
                () ->
                        sql(
                                "insert into audit_intake (writer, epoch, wseq, log, kind, ts, leaf, hash)"
                                        + " select writer, epoch, 9000, log, kind, ts - 60000000, leaf, hash"
                                        + " from audit_intake where "
                                        + place(AT)));
        edits.put(
                "tree deleted",
                () -> sql("delete from audit_tree where log = '%s'".formatted(log)));
        edits.put(
                "tree of other records",
                () -> {
                    var leaves = leaves();
                    leaves.set(3, leaves.get(4));
                    tree(leaves);
                });
    }

    /** Changes a record and everything that follows from it, as only the key cannot. */
    private void hashAgain() {
        var lanes = new HashMap<String, String>();
        var leaves = leaves();
        for (int index = 0; index < leaves.size(); index++) {
            var text = new String(leaves.get(index), StandardCharsets.UTF_8);
            text = index == 5 ? text.replace("reads", "lends") : text;
            var frame = FRAME.matcher(text);
            if (!frame.find()) {
                throw new AssertionError("no frame");
            }
            var lane = frame.group(2) + ":" + frame.group(1);
            text = text.replace(frame.group(3), lanes.getOrDefault(lane, frame.group(3)));
            leaves.set(index, text.getBytes(StandardCharsets.UTF_8));
            var hash = hex(MerkleTree.leafHash(leaves.get(index)));
            lanes.put(lane, hash);
            sql(
                    "update audit_intake set %s, hash = '\\x%s' where %s"
                            .formatted(leaf(leaves.get(index)), hash, place(index)));
            sql(
                    "update audit_leaf set hash = '\\x%s' where log = '%s' and index = %d"
                            .formatted(hash, log, index));
        }
        tree(leaves);
    }

    private void tree(List<byte[]> leaves) {
        var frontier = frontier(leaves);
        sql(
                "update audit_tree set size = %d, frontier = '\\x%s' where log = '%s'"
                        .formatted(frontier.size(), hex(frontier.encode()), log));
    }

    private static TreeFrontier frontier(List<byte[]> leaves) {
        var frontier = new TreeFrontier();
        leaves.forEach(it -> frontier.append(MerkleTree.leafHash(it)));
        return frontier;
    }

    private void sign() {
        var frontier = frontier(leaves());
        var origin = Checkpoint.origin(AuditArchive.DEPLOYMENT, log.value());
        var key = NoteSigner.load(origin, folder.then("newer", CheckpointSigner.KEY_FILE));
        var note =
                SignedNote.sign(
                        new Checkpoint(origin, frontier.size(), frontier.root()).text(), key);
        write(journal(), note.getBytes(StandardCharsets.UTF_8));
    }

    private void files(Map<String, Runnable> edits) {
        edits.put("own checkpoint removed", () -> remove(journal()));
        edits.put("own checkpoint garbled", () -> write(journal(), new byte[] {1, -1, 10, 10, 7}));
        edits.put(
                "own checkpoint and value changed",
                () -> {
                    remove(journal());
                    intake("leaf = set_byte(leaf, 60, get_byte(leaf, 60) # 1)");
                });
        edits.put("key removed", () -> remove(CheckpointSigner.KEY_FILE));
        edits.put("key removed, public key given", () -> remove(CheckpointSigner.KEY_FILE));
        edits.put(
                "older whole folder",
                () -> {
                    folder.restoreDatabase("older");
                    folder.restoreFiles("older");
                });
        edits.put("older database with newer journal", () -> folder.restoreDatabase("older"));
    }

    private String journal() {
        return CheckpointSigner.journal(log.value());
    }

    private void write(String name, byte[] content) {
        try {
            Files.write(folder.file(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String name) {
        try {
            Files.delete(folder.file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void intake(String assignment) {
        intake(AT, assignment);
    }

    private void intake(int index, String assignment) {
        sql("update audit_intake set " + assignment + " where " + place(index));
    }

    private static String leaf(byte[] leaf) {
        return "leaf = '\\x" + hex(leaf) + "'";
    }

    private void delete(String table, long index) {
        sql("delete from " + table + " where " + place(index));
    }

    /** Puts one more record at the end of the log. */
    private void add(byte[] leaf) {
        var hash = hex(MerkleTree.leafHash(leaf));
        sql(
                ("insert into audit_intake (writer, epoch, wseq, log, kind, ts, leaf, hash)"
                                + " select writer, epoch, 9000, log, kind, ts, '\\x%s', '\\x%s'"
                                + " from audit_intake where %s")
                        .formatted(hex(leaf), hash, place(AT)));
        sql(
                ("insert into audit_leaf (log, index, writer, epoch, wseq, hash)"
                                + " select log, %d, writer, epoch, 9000, '\\x%s' from audit_leaf"
                                + " where log = '%s' and index = %d")
                        .formatted(size(), hash, log, AT));
    }

    private long size() {
        return size(log);
    }

    private long size(TenantId of) {
        return FaultyPostgres.count(
                folder.address(), "select count(*) from audit_leaf where log = ?", of.value());
    }

    private List<byte[]> leaves() {
        var hex =
                FaultyPostgres.column(
                        folder.address(),
                        "select encode(i.leaf, 'hex') from audit_leaf l join audit_intake i"
                                + " using (log, writer, epoch, wseq) where log = ? order by index",
                        log.value());
        return new ArrayList<>(hex.stream().map(HexFormat.of()::parseHex).toList());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private String place(long index) {
        return PLACE.formatted(log, index);
    }

    private void sql(String statement) {
        folder.sql(statement);
    }
}
