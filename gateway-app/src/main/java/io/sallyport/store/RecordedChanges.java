package io.sallyport.store;

import io.sallyport.audit.RecordId;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.TrailEntry;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes that are recorded in the same transaction: either both are on disk or neither is. Used
 * for everything that an admin does and for intents that consume approvals, each in a transaction
 * of its own, so that a locked row never stalls the calls of others. The changes of one tenant
 * follow one another; those of different tenants do not wait for each other.
 */
final class RecordedChanges {
    /**
     * Changes of all tenants that may be under way at once: half of the connections of calls, since
     * each may need a second one, for a pseudonym.
     */
    private static final int AT_ONCE = 4;

    /** lock_not_available and deadlock_detected (PostgreSQL, appendix A). */
    private static final Set<String> LOCKED = Set.of("55P03", "40P01");

    private final Database database;
    private final WriterLease lease;
    private final Map<TenantId, Lock> turns = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_ONCE, true);

    /** Read by changes, written by whoever begins a new epoch. */
    private final ReadWriteLock epochs = new ReentrantReadWriteLock(true);

    private final TransactionTemplate transactions;
    private final ChangeRecords intake;
    private final LiveIntents live;
    private final IntentRule rule;
    private final UnplacedRecords unplaced;
    private volatile WriterChain chain;

    /** Whether the chain may not be where we think it is. */
    private volatile boolean broken;

    RecordedChanges(
            Database database,
            WriterLease lease,
            LiveIntents live,
            IntentRule rule,
            UnplacedRecords unplaced) {
        this.rule = rule;
        this.unplaced = unplaced;
        this.live = live;
        this.database = database;
        this.lease = lease;
        transactions = database.transactions();
        intake = new ChangeRecords(database);
        chain = new WriterChain(lease.writer(), lease.epoch());
    }

    /** What a change leaves behind, decided inside its transaction. */
    sealed interface Change<T> {
        T value();

        /** Commit, with these records. */
        record Recorded<T>(T value, List<TrailEntry> entries) implements Change<T> {}

        /**
         * Commit, with these records, and move the governance sequence last of all; nothing is
         * changed if {@code governed} says so.
         */
        record Governing<T>(T value, List<TrailEntry> entries, Governed governed)
                implements Change<T> {}

        /** Nothing was changed; roll back. */
        record Nothing<T>(T value) implements Change<T> {}
    }

    /**
     * The value of a change and the ids of its records, empty if nothing was changed.
     *
     * @param sequence the governance sequence that the change made, negative if it made none
     */
    record Done<T>(T value, List<RecordId> records, List<TrailEntry> entries, long sequence) {
        private static final long NONE = -1;

        static <T> Done<T> nothing(T value) {
            return new Done<>(value, List.of(), List.of(), NONE);
        }

        boolean governed() {
            return sequence != NONE;
        }
    }

    /**
     * Runs a change of a tenant as an operation. The work may read and write through {@code jdbc()}
     * of the database; it runs at most once. All its records are of that tenant's log.
     *
     * @throws StoreUnavailable if the store is away or the lease is lost; nothing was changed, or
     *     it was changed and recorded and only the answer was lost
     */
    <T> Done<T> run(TenantId tenant, Supplier<Change<T>> work) {
        return Operation.run(() -> inTurn(tenant, work));
    }

    private <T> Done<T> inTurn(TenantId tenant, Supplier<Change<T>> work) {
        var turn = turns.computeIfAbsent(tenant, _ -> new ReentrantLock(true));
        take(turn::tryLock);
        try {
            return placed(work);
        } finally {
            turn.unlock();
        }
    }

    private <T> Done<T> placed(Supplier<Change<T>> work) {
        take(places::tryAcquire);
        try {
            mend();
            return underLease(work);
        } catch (DuplicateKeyException e) {
            if (String.valueOf(e.getMessage()).contains("audit_intake_pkey")) {
                broken = true;
            }
            throw e;
        } catch (DataIntegrityViolationException | BadSqlGrammarException e) {
            throw new StoreUnavailable(e); // one statement failed; everything was rolled back
        } catch (DataAccessException | TransactionException e) {
            if (!isLocked(e)) {
                broken = true;
            }
            throw new StoreUnavailable(e);
        } finally {
            places.release();
        }
    }

    /** A row was held too long, or two waited for each other: nothing was written. */
    private static boolean isLocked(NestedRuntimeException e) {
        return e.getMostSpecificCause() instanceof SQLException failure
                && LOCKED.contains(String.valueOf(failure.getSQLState()));
    }

    /** A lease that is found lost before the work began costs one more look. */
    private <T> Done<T> underLease(Supplier<Change<T>> work) {
        try {
            return inEpoch(work);
        } catch (LeaseLost _) {
            broken = true;
            mend();
            return inEpoch(work);
        }
    }

    private <T> Done<T> inEpoch(Supplier<Change<T>> work) {
        take(epochs.readLock()::tryLock);
        try {
            return committed(work, chain);
        } finally {
            epochs.readLock().unlock();
        }
    }

    private <T> Done<T> committed(Supplier<Change<T>> work, WriterChain current) {
        var draft = current.draft();
        var done = transactions.execute(status -> attempt(work, draft, status));
        if (!done.records().isEmpty()) {
            current.commit(draft);
            follow(done);
            tell(done);
        }
        return done;
    }

    /** Waits as long as a caller does. */
    private interface Wait {
        boolean within(long time, TimeUnit unit) throws InterruptedException;
    }

    private static void take(Wait wait) {
        try {
            if (!wait.within(AuditTrail.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailable(new IllegalStateException("others are writing"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(e);
        }
    }

    /** What was just written is to get its place; intents belong to calls that are under way. */
    private void follow(Done<?> done) {
        for (int i = 0; i < done.entries().size(); i++) {
            unplaced.written(done.entries().get(i).record().log(), done.records().get(i));
            if (done.entries().get(i) instanceof TrailEntry.Intent intent) {
                live.started(intent.record().log(), done.records().get(i));
            }
        }
    }

    private static void tell(Done<?> done) {
        for (int i = 0; i < done.entries().size(); i++) {
            RecordLog.written(done.entries().get(i).record(), done.records().get(i));
        }
    }

    private <T> Done<T> attempt(
            Supplier<Change<T>> work, WriterChain.Draft draft, TransactionStatus status) {
        holdLease();
        return switch (work.get()) {
            case Change.Nothing<T>(var value) -> undone(value, status);
            case Change.Recorded<T>(var value, var entries) ->
                    new Done<>(value, inserted(entries, draft), entries, Done.NONE);
            case Change.Governing<T> governing -> governed(governing, draft, status);
        };
    }

    /** Whether a change is undone is for it to say; one that leaves no record may stay. */
    private static <T> Done<T> undone(T value, TransactionStatus status) {
        status.setRollbackOnly();
        return Done.nothing(value);
    }

    /** The governance row is taken last: while it is held, no intent of the tenant is written. */
    private <T> Done<T> governed(
            Change.Governing<T> change, WriterChain.Draft draft, TransactionStatus status) {
        var records = intake.insert(change.entries(), draft);
        var moved = advance(change.governed());
        return moved.isPresent()
                ? new Done<>(change.value(), records, change.entries(), moved.get())
                : undone(change.value(), status);
    }

    /** Whoever writes an intent is held to the one rule for them. */
    private List<RecordId> inserted(List<TrailEntry> entries, WriterChain.Draft draft) {
        if (entries.stream().anyMatch(rule::refuses)) {
            throw new StoreUnavailable(new IllegalStateException("no intent is written now"));
        }
        return intake.insert(entries, draft);
    }

    private void holdLease() {
        database.jdbc().sql("set local lock_timeout = '1500ms'").update();
        var held =
                database.jdbc()
                        .sql(
                                "select 1 from audit_writer where writer = :writer and epoch = :epoch"
                                        + " and expires > clock_timestamp() for share")
                        .param("writer", lease.writer())
                        .param("epoch", chain.epoch())
                        .query(Integer.class)
                        .optional();
        if (held.isEmpty()) {
            throw new LeaseLost();
        }
    }

    /** After a failure the fate of the last commit is unknown; a new epoch starts a clean chain. */
    private void mend() {
        if (broken) {
            take(epochs.writeLock()::tryLock);
            reopen();
        }
    }

    private void reopen() {
        try {
            if (broken && !lease.reopen()) {
                throw new LeaseLost();
            }
            if (broken) {
                chain = new WriterChain(lease.writer(), lease.epoch());
                broken = false;
            }
        } finally {
            epochs.writeLock().unlock();
        }
    }

    /**
     * Mends at once what the last change may have left in doubt, so that its intent is closed even
     * if no other change follows. Does nothing while a change is under way.
     */
    void recover() {
        if (broken && epochs.writeLock().tryLock()) {
            reopen();
        }
    }

    JdbcClient jdbc() {
        return database.jdbc();
    }

    /** Moves the tenant's governance sequence and has everything read again; part of a change. */
    void govern(TenantId tenant) {
        var _ = advance(Governed.of(tenant, Governed.Part.EVERYTHING, ""));
    }

    private Optional<Long> advance(Governed governed) {
        var seen = governed.seen();
        return database.jdbc()
                .sql("select governance_advance(:tenant, :part, :key, :seen)")
                .param("tenant", governed.tenant().value())
                .param("part", governed.part().code())
                .param("key", governed.key())
                .param("seen", seen.isPresent() ? seen.getAsLong() : null, Types.BIGINT)
                .query(Long.class)
                .optional();
    }

    /** The writer's lease went to somebody else. */
    private static final class LeaseLost
            extends org.springframework.dao.TransientDataAccessException {
        private static final long serialVersionUID = 1L;

        LeaseLost() {
            super("the writer's lease is lost");
        }
    }
}
