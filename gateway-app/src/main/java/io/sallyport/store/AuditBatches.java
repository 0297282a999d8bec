package io.sallyport.store;

import io.sallyport.audit.RecordId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The batches of the group-commit writer: one call of {@code audit_append} each, all or nothing.
 * Used by the writer's thread only.
 */
final class AuditBatches implements AutoCloseable {
    /** What {@code audit_append} says of a tenant whose row somebody else holds. */
    private static final long LOCKED = -3;

    /** Class 23, unique_violation (PostgreSQL, appendix A). */
    private static final String UNIQUE_VIOLATION = "23505";

    private final AuditConnection connection;
    private final WriterLease lease;
    private final LiveIntents live;
    private final StoreHealth health;
    private final UnplacedRecords unplaced;
    private WriterChain chain;

    /** A batch whose commit was not answered; settled before anything else is written. */
    private Optional<Attempt> inDoubt = Optional.empty();

    /** Intents that left their batch, because somebody changes the rules of their tenant. */
    private final List<PendingEntry> locked = new ArrayList<>();

    private record Attempt(
            List<PendingEntry> entries, List<WriterChain.Link> links, WriterChain.Draft draft) {}

    AuditBatches(
            Database database,
            WriterLease lease,
            LiveIntents live,
            StoreHealth health,
            UnplacedRecords unplaced) {
        this.health = health;
        this.unplaced = unplaced;
        connection = new AuditConnection(database);
        this.lease = lease;
        this.live = live;
        chain = new WriterChain(lease.writer(), lease.epoch());
    }

    /**
     * Finds out what became of a batch whose commit was not answered: that one, by its epoch, its
     * numbers and its hashes, whatever is to be written next.
     *
     * @return those of {@code entries} that are still to be written
     */
    List<PendingEntry> settle(List<PendingEntry> entries) throws SQLException {
        if (inDoubt.isEmpty()) {
            return entries;
        }
        var attempt = inDoubt.get();
        connection.close(); // what it would say may belong to the batch
        beginEpoch(); // waits for a straggler on the server, and keeps it out from now on
        var committed = isWhole(connection.found(batch(attempt)), attempt.links().size());
        inDoubt = Optional.empty();
        if (committed) {
            tellWritten(attempt);
            return entries.stream().filter(it -> !attempt.entries().contains(it)).toList();
        }
        withdraw(attempt);
        attempt.entries().stream()
                .filter(it -> !entries.contains(it))
                .forEach(PendingEntry::giveUp);
        return entries;
    }

    /** True while it is not known whether this entry is on disk; settling will tell. */
    boolean isInDoubt(PendingEntry entry) {
        return inDoubt.filter(it -> it.entries().contains(entry)).isPresent();
    }

    /** One statement has written them, so all are there or none; else the table was changed. */
    private static boolean isWhole(int found, int written) {
        if (found != 0 && found != written) {
            throw new IllegalStateException("a part of a batch is on disk");
        }
        return found == written;
    }

    /**
     * Tries to commit the entries as one batch and completes those whose fate is known.
     *
     * @return the entries that must be tried again
     * @throws SQLException if the store is away; settle first, then call again
     */
    List<PendingEntry> write(List<PendingEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return entries;
        }
        var draft = chain.draft();
        var links = entries.stream().map(it -> draft.add(it.body())).toList();
        var attempt = new Attempt(entries, links, draft);
        announce(attempt);
        inDoubt = Optional.of(attempt); // until its fate is known, whatever is thrown
        try {
            var current = send(attempt);
            inDoubt = Optional.empty();
            return judge(attempt, current);
        } catch (SQLException e) {
            return afterFailure(attempt, e);
        }
    }

    private List<PendingEntry> afterFailure(Attempt attempt, SQLException e) throws SQLException {
        if (isKnownKey(e)) {
            inDoubt = Optional.empty();
            withdraw(attempt);
            return withoutDuplicates(attempt.entries());
        }
        if (isRolledBack(e)) {
            inDoubt = Optional.empty();
            withdraw(attempt);
        }
        throw e;
    }

    /**
     * An error that the server tells on a connection that goes on has ended the statement and
     * nothing else. Whatever ends the connection leaves doubt; so does a place of our chain that is
     * taken.
     */
    private boolean isRolledBack(SQLException e) {
        return e instanceof PSQLException told
                && told.getServerErrorMessage() != null
                && !UNIQUE_VIOLATION.equals(e.getSQLState())
                && connection.isAlive();
    }

    /**
     * From the moment that an intent may be on disk, its caller may be told so and make the call.
     */
    private void announce(Attempt attempt) {
        eachIntent(attempt, live::started);
    }

    /** None of these ids is on disk, nor will it ever be. */
    private void withdraw(Attempt attempt) {
        eachIntent(attempt, live::ended);
    }

    private static void eachIntent(Attempt attempt, BiConsumer<String, RecordId> step) {
        for (int i = 0; i < attempt.entries().size(); i++) {
            var entry = attempt.entries().get(i).entry();
            if (EntryColumns.intentKey(entry) != null) {
                step.accept(tenantOf(entry), attempt.links().get(i).id());
            }
        }
    }

    private List<PendingEntry> judge(Attempt attempt, Optional<Map<String, Long>> current)
            throws SQLException {
        if (current.isEmpty()) {
            return afterLostLease(attempt);
        }
        var fates =
                attempt.entries().stream()
                        .collect(Collectors.groupingBy(it -> fate(it, current.get())));
        var fresh = fates.getOrDefault(Fate.FRESH, List.of());
        if (fresh.size() == attempt.entries().size()) {
            succeed(attempt);
            return List.of();
        }
        withdraw(attempt);
        fates.getOrDefault(Fate.STALE, List.of()).forEach(it -> it.complete(new Appended.Stale()));
        locked.addAll(fates.getOrDefault(Fate.LOCKED, List.of()));
        return fresh;
    }

    /** What the current governance sequence of its tenant means for an entry. */
    private enum Fate {
        FRESH,
        STALE,
        LOCKED
    }

    private static Fate fate(PendingEntry entry, Map<String, Long> current) {
        if (!(entry.entry() instanceof TrailEntry.Intent intent)) {
            return Fate.FRESH;
        }
        var sequence = current.getOrDefault(tenantOf(intent), -1L);
        if (sequence == LOCKED) {
            return Fate.LOCKED;
        }
        return sequence == intent.sequence() ? Fate.FRESH : Fate.STALE;
    }

    /** Those that have left their batches since this was asked last; to be tried again later. */
    List<PendingEntry> takeLocked() {
        var taken = List.copyOf(locked);
        locked.clear();
        return taken;
    }

    private static String tenantOf(TrailEntry entry) {
        return entry.record().log();
    }

    private void succeed(Attempt attempt) {
        chain.commit(attempt.draft());
        health.written();
        tellWritten(attempt);
    }

    /** Callers first: nobody waits for a line in the log. */
    private void tellWritten(Attempt attempt) {
        var entries = attempt.entries();
        for (int i = 0; i < entries.size(); i++) {
            unplaced.written(tenantOf(entries.get(i).entry()), attempt.links().get(i).id());
            entries.get(i).complete(new Appended.Written(attempt.links().get(i).id()));
        }
        for (int i = 0; i < entries.size(); i++) {
            RecordLog.written(entries.get(i).entry().record(), attempt.links().get(i).id());
        }
    }

    /** An expired lease that nobody took is renewed; a taken one means a new epoch. */
    private List<PendingEntry> afterLostLease(Attempt attempt) throws SQLException {
        withdraw(attempt);
        if (!isRenewed()) {
            beginEpoch();
        }
        return attempt.entries();
    }

    private boolean isRenewed() throws SQLException {
        try {
            return lease.renew();
        } catch (DataAccessException e) {
            throw new SQLException("the lease cannot be renewed", e);
        }
    }

    private void beginEpoch() throws SQLException {
        try {
            if (!lease.reopen()) {
                throw new SQLException("somebody else holds the writer's lease");
            }
            chain = new WriterChain(lease.writer(), lease.epoch());
        } catch (DataAccessException | TransactionException e) {
            throw new SQLException("no new epoch can be opened", e);
        }
    }

    /**
     * True if an intent or outcome exists already. Any other key that exists is a place in our own
     * chain: somebody wrote there, and only a new epoch leads on.
     */
    private static boolean isKnownKey(SQLException e) {
        return UNIQUE_VIOLATION.equals(e.getSQLState())
                && e instanceof PSQLException known
                && Optional.ofNullable(known.getServerErrorMessage())
                        .map(ServerErrorMessage::getConstraint)
                        .filter(it -> it.endsWith("_once"))
                        .isPresent();
    }

    private Optional<Map<String, Long>> send(Attempt attempt) throws SQLException {
        return connection.append(batch(attempt), expectedSequences(attempt.entries()));
    }

    private AuditConnection.Batch batch(Attempt attempt) {
        var links = attempt.links();
        return new AuditConnection.Batch(
                lease.writer(), links.getLast().id().epoch(), entries(attempt), links);
    }

    /**
     * If two intents of one tenant saw different numbers, at least one is stale: ask for either.
     */
    private static Map<String, Long> expectedSequences(List<PendingEntry> entries) {
        var expected = new LinkedHashMap<String, Long>();
        for (var entry : entries) {
            if (entry.entry() instanceof TrailEntry.Intent intent) {
                expected.merge(
                        tenantOf(intent), intent.sequence(), (a, b) -> a.equals(b) ? a : -2L);
            }
        }
        return expected;
    }

    private static List<TrailEntry> entries(Attempt attempt) {
        return attempt.entries().stream().map(PendingEntry::entry).toList();
    }

    private List<PendingEntry> withoutDuplicates(List<PendingEntry> entries) throws SQLException {
        var known =
                new HashSet<>(
                        connection.known("intent_key", keys(entries, EntryColumns::intentKey)));
        known.addAll(connection.known("outcome_of", keys(entries, EntryColumns::outcomeOf)));
        var seen = new HashSet<String>();
        var fresh = entries.stream().filter(it -> !isDuplicate(it.entry(), known, seen)).toList();
        entries.stream()
                .filter(it -> !fresh.contains(it))
                .forEach(it -> it.complete(new Appended.Duplicate()));
        return fresh;
    }

    private static boolean isDuplicate(TrailEntry entry, Set<String> known, Set<String> seen) {
        return EntryColumns.uniqueKey(entry)
                .map(it -> known.contains(it) || !seen.add(it))
                .orElse(false);
    }

    private static String[] keys(
            List<PendingEntry> entries, Function<TrailEntry, @Nullable String> column) {
        return entries.stream()
                .map(it -> column.apply(it.entry()))
                .filter(Objects::nonNull)
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        connection.close();
    }
}
