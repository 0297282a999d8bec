package io.sallyport.store;

import io.sallyport.audit.TreeFrontier;
import io.sallyport.store.IntakeLanes.ContradictoryRecord;
import io.sallyport.store.IntakeLanes.Lane;
import io.sallyport.store.IntakeLanes.Mark;
import io.sallyport.store.IntakeLanes.Row;
import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Gives every record its index in its log and grows the log's tree. Takes each writer's records in
 * their own order and never past a gap, so that a record that is missing stops the tree instead of
 * being skipped; a record that contradicts its row stops it too. One transaction moves indexes,
 * trees and marks together; the row lock on the marks keeps a second integrator out.
 */
final class Integrator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Integrator.class);

    /**
     * Rows of one transaction, 32 MiB of leaves at most; shared out among the lanes, so that one
     * busy log does not keep others waiting.
     */
    private static final int CHUNK = 2_000;

    /** A lane's query costs as much as some fifty rows. */
    private static final int SMALLEST_SHARE = 50;

    private static final long PAUSE_MILLIS = 50;

    /** A tail that is not in a tree could be deleted unseen; older than this, calls are refused. */
    private static final long BEHIND_NANOS = 5_000_000_000L;

    /** Above the time that a transaction may take. */
    private static final long GAP_NANOS = 2_500_000_000L;

    /** Longest wait of a reader for what is written now. */
    private static final long READER_MILLIS = 2_000;

    private final Database database;
    private final IntakeLanes lanes;
    private final UnplacedRecords unplaced;
    private final Clock clock;
    private final SupervisedThread thread;
    private final Semaphore asked = new Semaphore(0);
    private final Object looked = new Object();

    /** Gaps, and when each was seen first; by the thread that integrates. */
    private final Map<Mark, Long> gaps = new HashMap<>();

    private volatile Optional<Trouble> found = Optional.empty();

    /** Everything that was written before this moment is in a tree. */
    private volatile long caughtUpAt = System.nanoTime();

    /** What one step found. */
    private record Step(boolean isLast, List<Mark> gaps) {}

    /**
     * @param unplaced what the writers of this process have written
     */
    Integrator(Database database, UnplacedRecords unplaced, Clock clock, Supervision supervision) {
        this.database = database;
        this.unplaced = unplaced;
        lanes = new IntakeLanes(database);
        this.clock = clock;
        thread = supervision.platform("audit-integrator", this::run);
    }

    void start() {
        caughtUpAt = System.nanoTime();
        thread.start();
    }

    /** Why new intents are refused, if they are. */
    Optional<Trouble> trouble() {
        var isLate = System.nanoTime() - caughtUpAt > BEHIND_NANOS;
        return found.or(() -> isLate ? Optional.of(Trouble.INTEGRATION_BEHIND) : Optional.empty());
    }

    private void run() throws InterruptedException {
        while (!thread.isStopped()) {
            try {
                drain();
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("audit integrator: {}", e.getClass().getSimpleName());
            } catch (ContradictoryRecord e) {
                stop(e);
            }
            var _ = asked.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            asked.drainPermits();
        }
    }

    /**
     * Waits until everything that is written now has its place in a tree, at most two seconds; but
     * for what follows a gap, and not at all while a contradiction keeps all records out of theirs.
     *
     * @throws StoreUnavailable if that takes longer
     */
    void catchUp() {
        var since = System.nanoTime();
        var deadline = since + READER_MILLIS * 1_000_000;
        asked.release();
        try {
            awaitLook(since, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(e);
        }
    }

    private void awaitLook(long since, long deadline) throws InterruptedException {
        synchronized (looked) {
            while (caughtUpAt - since < 0 && !isContradicted()) {
                looked.wait(millisUntil(deadline));
            }
        }
    }

    private boolean isContradicted() {
        return found.filter(Trouble.LOG_MISMATCH::equals).isPresent();
    }

    private static long millisUntil(long deadline) {
        var nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new StoreUnavailable(new IllegalStateException("the integrator is behind"));
        }
        return nanos / 1_000_000 + 1;
    }

    /**
     * Integrates everything that is written now, on the calling thread; for the integrator's own
     * and for times when it does not run.
     */
    void drain() {
        var isLast = false;
        while (!isLast) {
            var begun = System.nanoTime();
            unplaced.expect(begun);
            var step = step();
            isLast = step.isLast();
            var moment = isLast ? begun : begun - lanes.ageOfOldest(clock.instant()).toNanos();
            var gaps = Stream.concat(step.gaps().stream(), unplaced.missing(moment).stream());
            found = lasting(gaps.toList()) ? Optional.of(Trouble.LOG_GAP) : Optional.empty();
            reached(moment);
        }
    }

    private void reached(long moment) {
        synchronized (looked) {
            caughtUpAt = moment;
            looked.notifyAll();
        }
    }

    private Step step() {
        return database.transactions().execute(_ -> integrate());
    }

    /** Nothing gets a place until the record is as it was written; it is told once. */
    private void stop(ContradictoryRecord contradiction) {
        if (found.filter(Trouble.LOG_MISMATCH::equals).isEmpty()) {
            LOG.error("the audit log stops: {}", contradiction.getMessage());
        }
        found = Optional.of(Trouble.LOG_MISMATCH);
    }

    /** True if one of the gaps has lasted longer than any transaction that might fill it. */
    private boolean lasting(List<Mark> seen) {
        gaps.keySet().retainAll(seen);
        var now = System.nanoTime();
        var lasting = false;
        for (var gap : seen) {
            var since = gaps.putIfAbsent(gap, now);
            lasting |= since != null && now - since > GAP_NANOS;
        }
        if (lasting && found.isEmpty()) {
            gaps.keySet().forEach(Integrator::tell);
        }
        return lasting;
    }

    private static void tell(Mark gap) {
        LOG.error(
                "the audit log {} has a gap: the record after {}:{}:{} gets no place in the tree",
                gap.log(),
                gap.writer(),
                gap.epoch(),
                gap.sequence());
    }

    private Step integrate() {
        var rows = new ArrayList<Row>();
        var gaps = new ArrayList<Mark>();
        var marks = new ArrayList<>(lanes.marks());
        var share = Math.max(CHUNK / Math.max(marks.size(), 1), SMALLEST_SHARE);
        var isLast = true;
        Collections.shuffle(marks); // none is always the last when there is more than one chunk
        for (var mark : marks) {
            var lane = rows.size() < CHUNK ? lanes.after(mark, share) : Lane.LATER;
            rows.addAll(lane.rows());
            isLast &= !lane.isCut();
            if (lane.hasGap()) {
                gaps.add(mark);
            }
        }
        if (!rows.isEmpty()) {
            rows.sort(Comparator.comparingLong(Row::order)); // stable: lanes keep their own order
            byLog(rows).forEach(this::grow);
            advance(rows);
        }
        return new Step(isLast, gaps);
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
        thread.finish();
        asked.release();
        try {
            var _ = thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
