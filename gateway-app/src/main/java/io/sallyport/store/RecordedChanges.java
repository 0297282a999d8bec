package io.sallyport.store;

import io.sallyport.audit.LeafBody;
import io.sallyport.audit.RecordId;
import io.sallyport.gate.AuditTrail;
import io.sallyport.gate.TrailEntry;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes that are recorded in the same transaction: either both are on disk or neither is. Used
 * for everything that an admin does and for intents that consume approvals, each in a transaction
 * of its own, so that a locked row never stalls the calls of others.
 */
final class RecordedChanges {
    private final Database database;
    private final WriterLease lease;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final TransactionTemplate transactions;
    private final LiveIntents live;
    private WriterChain chain;

    /** Whether the chain may not be where we think it is; guarded by the turn. */
    private boolean broken;

    RecordedChanges(Database database, WriterLease lease, LiveIntents live) {
        this.live = live;
        this.database = database;
        this.lease = lease;
        transactions = database.transactions();
        chain = new WriterChain(lease.writer(), lease.epoch());
    }

    /** What a change leaves behind, decided inside its transaction. */
    sealed interface Change<T> {
        T value();

        /** Commit, with these records. */
        record Recorded<T>(T value, List<TrailEntry> entries) implements Change<T> {}

        /** Nothing was changed; roll back. */
        record Nothing<T>(T value) implements Change<T> {}
    }

    /** The value of a change and the ids of its records, empty if nothing was changed. */
    record Done<T>(T value, List<RecordId> records, List<TrailEntry> entries) {}

    /**
     * Runs a change as an operation. The work may read and write through {@code jdbc()} of the
     * database; it runs at most once.
     *
     * @throws StoreUnavailable if the store is away or the lease is lost; nothing was changed, or
     *     it was changed and recorded and only the answer was lost
     */
    <T> Done<T> run(Supplier<Change<T>> work) {
        return Operation.run(() -> inTurn(work));
    }

    private <T> Done<T> inTurn(Supplier<Change<T>> work) {
        takeTurn();
        try {
            mend();
            return underLease(work);
        } catch (DuplicateKeyException e) {
            broken |= String.valueOf(e.getMessage()).contains("audit_intake_pkey");
            throw e;
        } catch (DataIntegrityViolationException | BadSqlGrammarException e) {
            throw new StoreUnavailable(e); // one statement failed; everything was rolled back
        } catch (DataAccessException | TransactionException e) {
            broken = true;
            throw new StoreUnavailable(e);
        } finally {
            turn.unlock();
        }
    }

    /** A lease that is found lost before the work began costs one more look. */
    private <T> Done<T> underLease(Supplier<Change<T>> work) {
        try {
            return committed(work);
        } catch (LeaseLost _) {
            broken = true;
            mend();
            return committed(work);
        }
    }

    private <T> Done<T> committed(Supplier<Change<T>> work) {
        var draft = chain.draft();
        var done = transactions.execute(status -> attempt(work, draft, status));
        chain.commit(draft);
        follow(done);
        return done;
    }

    private void takeTurn() {
        try {
            if (!turn.tryLock(AuditTrail.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailable(new IllegalStateException("others are writing"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(e);
        }
    }

    /** Intents that were just written belong to calls that are under way. */
    private void follow(Done<?> done) {
        for (int i = 0; i < done.entries().size(); i++) {
            if (done.entries().get(i) instanceof TrailEntry.Intent intent) {
                live.started(intent.record().log(), done.records().get(i));
            }
        }
    }

    private <T> Done<T> attempt(
            Supplier<Change<T>> work,
            WriterChain.Draft draft,
            org.springframework.transaction.TransactionStatus status) {
        holdLease();
        return switch (work.get()) {
            case Change.Nothing<T>(var value) -> {
                status.setRollbackOnly();
                yield new Done<>(value, List.of(), List.of());
            }
            case Change.Recorded<T>(var value, var entries) ->
                    new Done<>(
                            value, entries.stream().map(it -> insert(it, draft)).toList(), entries);
        };
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

    private RecordId insert(TrailEntry entry, WriterChain.Draft draft) {
        var link = draft.add(LeafBody.of(entry.record()));
        database.jdbc()
                .sql(
                        """
                        insert into audit_intake (writer, epoch, wseq, log, kind, ts, leaf, hash,
                            intent_key, outcome_of)
                        values (:writer, :epoch, :wseq, :log, :kind, :ts, :leaf, :hash, :ik, :oo)
                        """)
                .param("writer", link.id().writer())
                .param("epoch", link.id().epoch())
                .param("wseq", link.id().sequence())
                .param("log", entry.record().log())
                .param("kind", entry.record().kind().code())
                .param("ts", entry.record().micros())
                .param("leaf", link.leaf())
                .param("hash", link.hash())
                .param("ik", EntryColumns.intentKey(entry))
                .param("oo", EntryColumns.outcomeOf(entry))
                .update();
        insertPayload(entry, link);
        if (link.id().sequence() == 1) {
            insertLane(entry.record().log(), link);
        }
        return link.id();
    }

    private void insertLane(String log, WriterChain.Link link) {
        database.jdbc()
                .sql("insert into audit_lane (log, writer, epoch, wseq) values (?, ?, ?, 0)")
                .params(log, link.id().writer(), link.id().epoch())
                .update();
    }

    private void insertPayload(TrailEntry entry, WriterChain.Link link) {
        var sealed = EntryColumns.payload(entry);
        if (sealed == null) {
            return;
        }
        database.jdbc()
                .sql(
                        "insert into audit_payload (log, writer, epoch, wseq, sealed)"
                                + " values (?, ?, ?, ?, ?)")
                .params(
                        entry.record().log(),
                        link.id().writer(),
                        link.id().epoch(),
                        link.id().sequence(),
                        sealed)
                .update();
    }

    /** After a failure the fate of the last commit is unknown; a new epoch starts a clean chain. */
    private void mend() {
        if (!broken) {
            return;
        }
        if (!lease.reopen()) {
            throw new LeaseLost();
        }
        chain = new WriterChain(lease.writer(), lease.epoch());
        broken = false;
    }

    /**
     * Mends at once what the last change may have left in doubt, so that its intent is closed even
     * if no other change follows. Does nothing while a change is under way.
     */
    void recover() {
        if (!turn.tryLock()) {
            return;
        }
        try {
            mend();
        } finally {
            turn.unlock();
        }
    }

    JdbcClient jdbc() {
        return database.jdbc();
    }

    /** The tenant's governance sequence, held until the change is over. */
    long sequence(TenantId tenant) {
        return database.jdbc()
                .sql("select sequence from governance where tenant = ? for update")
                .param(tenant.value())
                .query(Long.class)
                .optional()
                .orElse(-1L);
    }

    /** Moves the tenant's governance sequence and tells every gateway; part of the same change. */
    void govern(TenantId tenant) {
        database.jdbc()
                .sql("update governance set sequence = sequence + 1 where tenant = ?")
                .param(tenant.value())
                .update();
        database.jdbc()
                .sql("select pg_notify('governance', ?)")
                .param(tenant.value())
                .query(String.class)
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
