package io.sallyport.store;

import io.sallyport.audit.TreeFrontier;
import io.sallyport.bridge.SupervisedThread;
import io.sallyport.bridge.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Gives every record its index in its log and grows the log's tree. Takes each writer's records in
 * their own order and never past a gap, so that a record that is missing stops the tree instead of
 * being skipped. One transaction moves indexes, trees and marks together; the row lock on the marks
 * keeps a second integrator out.
 */
final class Integrator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Integrator.class);

    /** Rows of one transaction. */
    private static final int CHUNK = 5_000;

    private static final long PAUSE_NANOS = 50_000_000;

    /** A tail that is not in a tree could be deleted unseen; older than this, calls are refused. */
    private static final long BEHIND_NANOS = 5_000_000_000L;

    private final Database database;
    private final SupervisedThread thread;
    private volatile boolean stopping;
    private volatile long caughtUpAt = System.nanoTime();

    private record Row(Mark lane, long sequence, long order, byte[] hash) {}

    private record Mark(String log, String writer, long epoch, long sequence) {}

    Integrator(Database database, Supervision supervision) {
        this.database = database;
        thread = supervision.platform("audit-integrator", this::run);
    }

    void start() {
        caughtUpAt = System.nanoTime();
        thread.start();
    }

    /** True if records have waited for their place in a tree for too long. */
    boolean isBehind() {
        return System.nanoTime() - caughtUpAt > BEHIND_NANOS;
    }

    private void run() {
        while (!stopping) {
            try {
                catchUp();
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("audit integrator: {}", e.getClass().getSimpleName());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Integrates everything that is committed now. */
    void catchUp() {
        while (step() == CHUNK) {
            // there is more
        }
        caughtUpAt = System.nanoTime();
    }

    private int step() {
        var moved = database.transactions().execute(_ -> integrate());
        return moved;
    }

    private int integrate() {
        var rows = new ArrayList<Row>();
        for (var mark : marks()) {
            rows.addAll(contiguousAfter(mark, CHUNK - rows.size()));
        }
        if (!rows.isEmpty()) {
            rows.sort(Comparator.comparingLong(Row::order)); // stable: lanes keep their own order
            byLog(rows).forEach(this::grow);
            advance(rows);
        }
        return rows.size();
    }

    private List<Mark> marks() {
        return database.jdbc()
                .sql(
                        """
                        select m.log, m.writer, m.epoch, m.wseq from audit_lane m
                        join audit_epoch e on e.writer = m.writer and e.epoch = m.epoch
                            and not e.finished
                        where exists (select 1 from audit_intake i where i.log = m.log
                            and i.writer = m.writer and i.epoch = m.epoch and i.wseq = m.wseq + 1)
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

    private List<Row> contiguousAfter(Mark mark, int limit) {
        var rows =
                database.jdbc()
                        .sql(
                                """
                                select wseq, hash, max(ts) over (order by wseq) as reached
                                from audit_intake
                                where log = ? and writer = ? and epoch = ? and wseq > ?
                                order by wseq limit ?
                                """)
                        .params(mark.log(), mark.writer(), mark.epoch(), mark.sequence(), limit)
                        .query((row, _) ->
                                new Row(
                                        mark,
                                        row.getLong("wseq"),
                                        row.getLong("reached"),
                                        row.getBytes("hash")))
                        .list();
        int contiguous = 0;
        while (contiguous < rows.size()
                && rows.get(contiguous).sequence() == mark.sequence() + 1 + contiguous) {
            contiguous++;
        }
        return rows.subList(0, contiguous);
    }

    private static Map<String, List<Row>> byLog(List<Row> rows) {
        var logs = new LinkedHashMap<String, List<Row>>();
        rows.forEach(it -> logs.computeIfAbsent(it.lane().log(), _ -> new ArrayList<>()).add(it));
        return logs;
    }

    private void grow(String log, List<Row> rows) {
        var frontier = frontier(log);
        var first = frontier.size();
        rows.forEach(it -> frontier.append(it.hash()));
        insertLeaves(log, first, rows);
        database.jdbc()
                .sql(
                        """
                        insert into audit_tree (log, size, frontier) values (:log, :size, :frontier)
                        on conflict (log) do update
                            set size = excluded.size, frontier = excluded.frontier
                        """)
                .param("log", log)
                .param("size", frontier.size())
                .param("frontier", frontier.encode())
                .update();
    }

    /** The tree of a log as it stands. */
    TreeFrontier frontier(String log) {
        return database.jdbc()
                .sql("select frontier from audit_tree where log = ?")
                .param(log)
                .query((row, _) -> TreeFrontier.decode(row.getBytes("frontier")))
                .optional()
                .orElseGet(TreeFrontier::new);
    }

    private void insertLeaves(String log, long first, List<Row> rows) {
        database.jdbc()
                .sql(
                        """
                        insert into audit_leaf (log, index, writer, epoch, wseq, hash)
                        select ?, ? + r.n - 1, r.writer, r.epoch, r.wseq, r.hash
                        from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bytea[])
                            with ordinality r (writer, epoch, wseq, hash, n)
                        """)
                .params(
                        log,
                        first,
                        rows.stream().map(it -> it.lane().writer()).toArray(String[]::new),
                        rows.stream().mapToLong(it -> it.lane().epoch()).toArray(),
                        rows.stream().mapToLong(Row::sequence).toArray(),
                        rows.stream().map(Row::hash).toArray(byte[][]::new))
                .update();
    }

    private void advance(List<Row> rows) {
        var last = new LinkedHashMap<Mark, Long>();
        rows.forEach(it -> last.put(it.lane(), it.sequence()));
        last.forEach((lane, sequence) ->
                database.jdbc()
                        .sql(
                                "update audit_lane set wseq = ?"
                                        + " where log = ? and writer = ? and epoch = ?")
                        .params(sequence, lane.log(), lane.writer(), lane.epoch())
                        .update());
    }

    /** Stops after the step under way; what is left is integrated after the next start. */
    @Override
    public void close() {
        stopping = true;
        thread.finish();
        try {
            var _ = thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
