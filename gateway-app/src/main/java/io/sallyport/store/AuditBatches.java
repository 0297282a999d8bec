package io.sallyport.store;

import io.sallyport.audit.RecordId;
import io.sallyport.gate.AuditTrail.Appended;
import io.sallyport.gate.TrailEntry;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The SQL of the group-commit writer: one call of {@code audit_append} a batch, all or nothing.
 * Used by the writer's thread only.
 */
final class AuditBatches implements AutoCloseable {
    private static final String APPEND =
            "select audit_append(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Class 23, unique_violation (PostgreSQL, appendix A). */
    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;
    private final WriterLease lease;
    private final LiveIntents live;
    private WriterChain chain;
    private Optional<Open> open = Optional.empty();

    /** A batch whose commit was not answered; settled before anything else is written. */
    private Optional<Attempt> inDoubt = Optional.empty();

    private record Open(Connection connection, PreparedStatement append) {}

    private record Attempt(
            List<PendingEntry> entries, List<WriterChain.Link> links, WriterChain.Draft draft) {
        WriterChain.Link last() {
            return links.getLast();
        }
    }

    AuditBatches(Database database, WriterLease lease, LiveIntents live) {
        this.database = database;
        this.lease = lease;
        this.live = live;
        chain = new WriterChain(lease.writer(), lease.epoch());
    }

    /**
     * Finds out what became of a batch whose commit was not answered.
     *
     * @return the entries that are still to be written: none if that batch is on disk
     */
    List<PendingEntry> settle(List<PendingEntry> entries) throws SQLException {
        if (inDoubt.isEmpty()) {
            return entries;
        }
        var attempt = inDoubt.get();
        beginEpoch(); // waits for a straggler on the server, and keeps it out from now on
        var committed = isOnDisk(tenantOf(attempt.entries().getLast().entry()), attempt.last());
        inDoubt = Optional.empty();
        if (!committed) {
            withdraw(attempt);
            return entries;
        }
        tellWritten(attempt);
        return List.of();
    }

    private boolean isOnDisk(String log, WriterChain.Link link) throws SQLException {
        try (var query =
                open().connection()
                        .prepareStatement(
                                "select hash from audit_intake where log = ?"
                                        + " and writer = ? and epoch = ? and wseq = ?")) {
            query.setString(1, log);
            query.setString(2, link.id().writer());
            query.setLong(3, link.id().epoch());
            query.setLong(4, link.id().sequence());
            try (var row = query.executeQuery()) {
                return row.next() && Arrays.equals(row.getBytes(1), link.hash());
            }
        }
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
        try {
            return judge(attempt, send(attempt));
        } catch (SQLException e) {
            if (isKnownKey(e)) {
                withdraw(attempt);
                return withoutDuplicates(entries);
            }
            disconnect();
            inDoubt = Optional.of(attempt);
            throw e;
        }
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
            if (attempt.entries().get(i).entry() instanceof TrailEntry.Intent intent) {
                step.accept(tenantOf(intent), attempt.links().get(i).id());
            }
        }
    }

    private List<PendingEntry> judge(Attempt attempt, Optional<Map<String, Long>> current)
            throws SQLException {
        if (current.isEmpty()) {
            return afterLostLease(attempt);
        }
        var stale = attempt.entries().stream().filter(it -> isStale(it, current.get())).toList();
        if (stale.isEmpty()) {
            succeed(attempt);
            return List.of();
        }
        withdraw(attempt);
        stale.forEach(it -> it.complete(new Appended.Stale()));
        return attempt.entries().stream().filter(it -> !stale.contains(it)).toList();
    }

    private static boolean isStale(PendingEntry entry, Map<String, Long> current) {
        return entry.entry() instanceof TrailEntry.Intent intent
                && current.getOrDefault(tenantOf(intent), -1L) != intent.sequence();
    }

    private static String tenantOf(TrailEntry entry) {
        return entry.record().log();
    }

    private void succeed(Attempt attempt) {
        chain.commit(attempt.draft());
        tellWritten(attempt);
    }

    private static void tellWritten(Attempt attempt) {
        for (int i = 0; i < attempt.entries().size(); i++) {
            attempt.entries().get(i).complete(new Appended.Written(attempt.links().get(i).id()));
        }
    }

    /** An expired lease that nobody took is renewed; a taken one means a new epoch. */
    private List<PendingEntry> afterLostLease(Attempt attempt) throws SQLException {
        if (!isRenewed()) {
            beginEpoch();
        }
        withdraw(attempt);
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

    /**
     * Sends the batch; the answer is the current governance sequences, or nothing without lease.
     */
    private Optional<Map<String, Long>> send(Attempt attempt) throws SQLException {
        var expected = expectedSequences(attempt.entries());
        var tenants = expected.keySet().toArray(String[]::new);
        var append = open().append();
        bind(append, attempt, tenants, expected.values().toArray(Long[]::new));
        try (var row = append.executeQuery()) {
            row.next();
            var current = row.getArray(1);
            return current == null
                    ? Optional.empty()
                    : Optional.of(byTenant(tenants, (Long[]) current.getArray()));
        }
    }

    private static Map<String, Long> byTenant(String[] tenants, Long[] sequences) {
        var current = new LinkedHashMap<String, Long>();
        for (int i = 0; i < tenants.length; i++) {
            current.put(tenants[i], sequences[i]);
        }
        return current;
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

    private void bind(PreparedStatement append, Attempt attempt, String[] tenants, Long[] sequences)
            throws SQLException {
        var rows = attempt.entries().stream().map(PendingEntry::entry).toList();
        var links = attempt.links();
        append.setString(1, lease.writer());
        append.setLong(2, chain.epoch());
        append.setArray(3, array("text", tenants));
        append.setArray(4, array("bigint", sequences));
        append.setObject(5, links.stream().mapToLong(it -> it.id().sequence()).toArray());
        append.setArray(6, texts(rows, AuditBatches::tenantOf));
        append.setArray(7, texts(rows, it -> it.record().kind().code()));
        append.setObject(8, rows.stream().mapToLong(it -> it.record().micros()).toArray());
        append.setArray(9, bytes(links, WriterChain.Link::leaf));
        append.setArray(10, bytes(links, WriterChain.Link::hash));
        append.setArray(11, texts(rows, EntryColumns::intentKey));
        append.setArray(12, texts(rows, EntryColumns::outcomeOf));
        append.setArray(13, bytes(rows, EntryColumns::payload));
    }

    private <T> Array texts(List<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        return array("text", rows.stream().map(column).toArray(String[]::new));
    }

    private <T> Array bytes(List<T> rows, Function<T, byte @Nullable []> column)
            throws SQLException {
        return array("bytea", rows.stream().map(column).toArray(byte[][]::new));
    }

    @SuppressWarnings("NullAway") // SQL arrays may hold nulls
    private Array array(String type, @Nullable Object[] values) throws SQLException {
        return open().connection().createArrayOf(type, values);
    }

    private List<PendingEntry> withoutDuplicates(List<PendingEntry> entries) throws SQLException {
        var known = new HashSet<>(known("intent_key", keys(entries, EntryColumns::intentKey)));
        known.addAll(known("outcome_of", keys(entries, EntryColumns::outcomeOf)));
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

    private Set<String> known(String column, String[] keys) throws SQLException {
        var sql = "select " + column + " from audit_intake where " + column + " = any (?)";
        try (var query = open().connection().prepareStatement(sql)) {
            query.setArray(1, array("text", keys));
            var known = new HashSet<String>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    known.add(row.getString(1));
                }
            }
            return known;
        }
    }

    private Open open() throws SQLException {
        if (open.isEmpty()) {
            var connection = database.dedicated();
            open = Optional.of(new Open(connection, connection.prepareStatement(APPEND)));
        }
        return open.get();
    }

    private void disconnect() {
        open.ifPresent(it -> {
            try {
                it.connection().close();
            } catch (SQLException _) {
                // it was broken already
            }
        });
        open = Optional.empty();
    }

    @Override
    public void close() {
        disconnect();
    }
}
