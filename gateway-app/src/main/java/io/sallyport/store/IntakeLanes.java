package io.sallyport.store;

import io.sallyport.audit.MerkleTree;
import io.sallyport.audit.WriterFrame;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each writer has written to each log, and how far it has been given a place: the mark of the
 * lane. For one integrator.
 */
final class IntakeLanes {
    private final Database database;

    record Row(Mark lane, long sequence, long order, byte[] hash) {}

    record Mark(String log, String writer, long epoch, long sequence) {}

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record Stored(
            long sequence, String kind, long micros, byte[] leaf, byte[] hash, boolean isPlaced) {}

    /**
     * @param isCut whether there may be more than was asked for
     */
    record Lane(List<Row> rows, boolean isCut, boolean hasGap) {
        static final Lane LATER = new Lane(List.of(), true, false);
    }

    IntakeLanes(Database database) {
        this.database = database;
    }

    /**
     * The lanes with records above their marks, whether or not the next one is there. One look-up a
     * lane ({@code limit} keeps a planner that has no statistics yet from reading all records).
     */
    List<Mark> marks() {
        return database.jdbc()
                .sql(
                        """
                        select m.log, m.writer, m.epoch, m.wseq from audit_lane m
                        join audit_epoch e on e.writer = m.writer and e.epoch = m.epoch
                            and not e.finished
                        cross join lateral (select i.wseq from audit_intake i
                            where i.log = m.log and i.writer = m.writer and i.epoch = m.epoch
                                and i.wseq > m.wseq order by i.wseq limit 1) next
                        order by m.log, m.writer, m.epoch for update of m
                        """)
                .query((row, _) ->
                        new Mark(
                                row.getString("log"),
                                row.getString("writer"),
                                row.getLong("epoch"),
                                row.getLong("wseq")))
                .list();
    }

    /**
     * What follows a mark without a hole. A mark that was moved on would leave out what it has
     * passed: nothing follows a record that is in no tree itself.
     */
    Lane after(Mark mark, int share) {
        var stored = stored(mark, share + 1);
        var isStart = mark.sequence() == 0;
        var last = isStart ? Optional.<Stored>empty() : Optional.of(at(mark, stored));
        if (last.filter(it -> !it.isPlaced()).isPresent()) {
            return new Lane(List.of(), false, true);
        }
        var previous = last.map(Stored::hash).orElse(new byte[MerkleTree.HASH_BYTES]);
        var rows = new ArrayList<Row>();
        var reached = 0L;
        for (var one : stored) {
            reached = Math.max(reached, one.micros());
            if (one.sequence() == mark.sequence()) {
                continue;
            }
            if (one.sequence() != mark.sequence() + 1 + rows.size()) {
                return new Lane(rows, false, true);
            }
            check(mark, one, previous);
            rows.add(new Row(mark, one.sequence(), reached, one.hash()));
            previous = one.hash();
        }
        return new Lane(rows, rows.size() >= share, false);
    }

    private List<Stored> stored(Mark mark, int limit) {
        return database.jdbc()
                .sql(
                        """
                        select wseq, kind, ts, leaf, hash,
                            case when wseq = :mark then (select true from audit_leaf l
                                where l.log = :log and l.writer = :writer and l.epoch = :epoch
                                    and l.wseq = :mark limit 1) end as placed
                        from audit_intake
                        where log = :log and writer = :writer and epoch = :epoch and wseq >= :mark
                        order by wseq limit :limit
                        """)
                .param("log", mark.log())
                .param("writer", mark.writer())
                .param("epoch", mark.epoch())
                .param("mark", mark.sequence())
                .param("limit", limit)
                .query((row, _) ->
                        new Stored(
                                row.getLong("wseq"),
                                row.getString("kind"),
                                row.getLong("ts"),
                                row.getBytes("leaf"),
                                row.getBytes("hash"),
                                row.getBoolean("placed")))
                .list();
    }

    private static Stored at(Mark mark, List<Stored> stored) {
        return stored.stream()
                .filter(it -> it.sequence() == mark.sequence())
                .findFirst()
                .orElseThrow(() -> new ContradictoryRecord(mark, mark.sequence()));
    }

    private static void check(Mark mark, Stored stored, byte[] previous) {
        try {
            var frame = new WriterFrame(mark.writer(), mark.epoch(), stored.sequence(), previous);
            var columns = new IntakeCheck.Columns(mark.log(), stored.kind(), frame, stored.hash());
            if (IntakeCheck.agrees(stored.leaf(), columns)) {
                return;
            }
        } catch (IllegalArgumentException _) {
            // no writer of ours makes such a frame
        }
        throw new ContradictoryRecord(mark, stored.sequence());
    }

    /** How long the oldest record that could be integrated now has waited. */
    Duration ageOfOldest(Instant now) {
        var oldest =
                database.jdbc()
                        .sql(
                                """
                                select min(next.ts) from audit_lane m
                                join audit_epoch e on e.writer = m.writer and e.epoch = m.epoch
                                    and not e.finished
                                cross join lateral (select i.ts from audit_intake i
                                    where i.log = m.log and i.writer = m.writer
                                        and i.epoch = m.epoch and i.wseq = m.wseq + 1 limit 1) next
                                """)
                        .query(Long.class)
                        .optional();
        return oldest.map(it -> Instant.EPOCH.plus(it, ChronoUnit.MICROS))
                .map(it -> Duration.between(it, now))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    /** A stored record, its hash and its row do not agree. */
    static final class ContradictoryRecord extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ContradictoryRecord(Mark mark, long sequence) {
            super(
                    "record %s:%d:%d of %s is not what was written"
                            .formatted(mark.writer(), mark.epoch(), sequence, mark.log()));
        }
    }
}
