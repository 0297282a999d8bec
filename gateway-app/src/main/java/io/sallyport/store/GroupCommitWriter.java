package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.LeafBody;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.TrailEntry;
import io.sallyport.threads.Deadlines;
import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The writer of the audit log: everything that waits while one commit is under way goes into the
 * next. One thread, one connection, one statement a batch.
 */
final class GroupCommitWriter implements AuditTrail, AutoCloseable {
    /** Larger batches only add to the latency of their first record. */
    private static final int BATCH = 256;

    /**
     * What may wait while the store is away; beyond it callers are refused at once. Outcomes are
     * let in all the same: there is one for each intent, and none of them may be lost.
     */
    private static final int QUEUE = 10_000;

    private static final long RECONNECT_NANOS = 100_000_000;

    private final BlockingQueue<PendingEntry> queue = new LinkedBlockingQueue<>();
    private final AuditBatches batches;
    private final LiveIntents live;
    private final IntentRule rule;
    private final StoreHealth health;
    private final SupervisedThread thread;

    private final LockedIntents locked = new LockedIntents();

    /** What the thread is writing; kept over a failure, so that nobody in it is forgotten. */
    private final List<PendingEntry> batch = new ArrayList<>(BATCH);

    GroupCommitWriter(
            AuditBatches batches,
            LiveIntents live,
            IntentRule rule,
            StoreHealth health,
            Supervision supervision) {
        this.batches = batches;
        this.live = live;
        this.rule = rule;
        this.health = health;
        thread = supervision.platform("audit-writer", this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public CompletableFuture<Appended> submit(TrailEntry entry) {
        var written = enqueue(entry).done();
        return switch (entry) {
            case TrailEntry.Intent _, TrailEntry.Outcome _ -> written;
            case TrailEntry.Fact _ -> toldInTime(entry, written, PATIENCE);
        };
    }

    /** What needs an end and is written after its caller was told otherwise has its end at once. */
    private CompletableFuture<Appended> toldInTime(
            TrailEntry entry, CompletableFuture<Appended> written, Duration patience) {
        var told = new CompletableFuture<Appended>();
        var _ =
                written.thenAccept(it -> {
                    if (!told.complete(it)) {
                        closeIfWritten(entry, it);
                    }
                });
        return Deadlines.completeLate(told, new Appended.Unavailable(), patience);
    }

    private PendingEntry enqueue(TrailEntry entry) {
        var pending = PendingEntry.of(entry, LeafBody.of(entry.record()));
        if (entry instanceof TrailEntry.Outcome outcome) {
            var log = entry.record().log();
            var _ = pending.done().thenRun(() -> live.ended(log, outcome.intent()));
            queue.add(pending);
        } else if (isRefusedNow(entry)) {
            pending.complete(new Appended.Unavailable());
        } else {
            queue.add(pending);
        }
        return pending;
    }

    /** Records that wait for a commit. */
    int waiting() {
        return queue.size();
    }

    /** What would only wait to be refused is refused at once. */
    private boolean isRefusedNow(TrailEntry entry) {
        return thread.isStopped()
                || queue.size() >= QUEUE
                || rule.refuses(entry)
                || health.isDown();
    }

    @Override
    public Appended append(TrailEntry entry, Duration patience) throws InterruptedException {
        var told = toldInTime(entry, enqueue(entry).done(), patience);
        try {
            return told.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the audit writer never fails a future", e);
        } catch (InterruptedException e) {
            if (!told.complete(new Appended.Unavailable())) {
                closeIfWritten(entry, told.join());
            }
            throw e;
        }
    }

    private void closeIfWritten(TrailEntry entry, Appended appended) {
        if (appended instanceof Appended.Written(var id) && EntryColumns.intentKey(entry) != null) {
            enqueue(OpenIntents.late(entry.record(), id));
        }
    }

    @Override
    public void report(AuditRecord record) {
        enqueue(new TrailEntry.Fact(record));
    }

    private void run() throws InterruptedException {
        giveUp();
        while (!thread.isStopped() || !queue.isEmpty() || !locked.isEmpty()) {
            collect();
            locked.takeFrom(batch);
            write();
            batch.addAll(locked.takeDue());
            write();
        }
    }

    /** After a failure: nothing waits for ever, but an outcome is never dropped. */
    private void giveUp() {
        for (var pending : batch) {
            if (pending.entry() instanceof TrailEntry.Outcome) {
                queue.add(pending);
            } else if (!batches.isInDoubt(pending)) {
                pending.giveUp();
            }
        }
        batch.clear();
    }

    private void collect() throws InterruptedException {
        var first = queue.poll(locked.isEmpty() ? 200 : 10, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, BATCH - 1);
        }
    }

    /** Writes the batch, and leaves it empty. */
    private void write() throws InterruptedException {
        var left = List.copyOf(batch);
        while (!left.isEmpty()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("entries are left");
            }
            left = written(left);
        }
        locked.add(batches.takeLocked());
        batch.clear();
    }

    /** Tries to write them all; those that are still to be written. */
    private List<PendingEntry> written(List<PendingEntry> entries) {
        try {
            return batches.write(stillWanted(batches.settle(entries)));
        } catch (SQLException e) {
            health.failed(e);
            LockSupport.parkNanos(RECONNECT_NANOS);
            return entries;
        }
    }

    /**
     * Outcomes wait for the store however long it takes; everything else only as its caller does.
     */
    private static List<PendingEntry> stillWanted(List<PendingEntry> entries) {
        var wanted = new ArrayList<PendingEntry>(entries.size());
        for (var entry : entries) {
            if (entry.isOverdue()) {
                entry.complete(new Appended.Unavailable());
            } else if (!entry.done().isDone()) { // whoever was told otherwise must stay right
                wanted.add(entry);
            }
        }
        return wanted;
    }

    /** Writes what is queued, then stops; waits at most ten seconds. */
    @Override
    public void close() {
        thread.finish();
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.stop();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        batches.close();
    }
}
