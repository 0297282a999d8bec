package io.sallyport.store;

import io.sallyport.recording.TrailEntry;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection of the group-commit writer and its statements; opened when it is needed. Used by
 * the writer's thread only.
 */
final class AuditConnection implements AutoCloseable {
    private static final String APPEND =
            "select audit_append(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String FOUND =
            """
            select count(*) from unnest(?::text[], ?::bigint[], ?::bytea[]) e (log, wseq, hash)
            join audit_intake i on i.log = e.log and i.wseq = e.wseq and i.hash = e.hash
                and i.writer = ? and i.epoch = ?
            """;

    /** How long a connection that has just told an error may take to show that it lives. */
    private static final int ALIVE_SECONDS = 1;

    private final Database database;
    private Optional<Open> open = Optional.empty();

    private record Open(Connection connection, PreparedStatement append) {}

    /** Entries and their places in the chain of one writer's epoch. */
    record Batch(String writer, long epoch, List<TrailEntry> rows, List<WriterChain.Link> links) {}

    AuditConnection(Database database) {
        this.database = database;
    }

    /**
     * Sends the batch; the answer is the current governance sequences of the tenants that {@code
     * expected} names, or nothing without lease. It was written if they are as expected.
     */
    Optional<Map<String, Long>> append(Batch batch, Map<String, Long> expected)
            throws SQLException {
        var tenants = expected.keySet().toArray(String[]::new);
        var append = open().append();
        append.setArray(3, array("text", tenants));
        append.setArray(4, array("bigint", expected.values().toArray(Long[]::new)));
        bind(append, batch);
        try (var row = append.executeQuery()) {
            row.next();
            var current = row.getArray(1);
            return current == null
                    ? Optional.empty()
                    : Optional.of(byTenant(tenants, (Long[]) current.getArray()));
        }
    }

    private void bind(PreparedStatement append, Batch batch) throws SQLException {
        var rows = batch.rows();
        var links = batch.links();
        append.setString(1, batch.writer());
        append.setLong(2, batch.epoch());
        append.setObject(5, sequences(links));
        append.setArray(6, texts(rows, it -> it.record().log()));
        append.setArray(7, texts(rows, it -> it.record().kind().code()));
        append.setObject(8, rows.stream().mapToLong(it -> it.record().micros()).toArray());
        append.setArray(9, bytes(links, WriterChain.Link::leaf));
        append.setArray(10, bytes(links, WriterChain.Link::hash));
        append.setArray(11, texts(rows, EntryColumns::intentKey));
        append.setArray(12, texts(rows, EntryColumns::outcomeOf));
        append.setArray(13, bytes(rows, EntryColumns::payload));
    }

    private static Map<String, Long> byTenant(String[] tenants, Long[] sequences) {
        var current = new LinkedHashMap<String, Long>();
        for (int i = 0; i < tenants.length; i++) {
            current.put(tenants[i], sequences[i]);
        }
        return current;
    }

    /** How many of the batch's records are on disk, at their places and with their hashes. */
    int found(Batch batch) throws SQLException {
        try (var query = open().connection().prepareStatement(FOUND)) {
            query.setArray(1, texts(batch.rows(), it -> it.record().log()));
            query.setObject(2, sequences(batch.links()));
            query.setArray(3, bytes(batch.links(), WriterChain.Link::hash));
            query.setString(4, batch.writer());
            query.setLong(5, batch.epoch());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Those of the keys that are in the column already. */
    Set<String> known(String column, String[] keys) throws SQLException {
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

    /** True if the server still answers on this connection. */
    boolean isAlive() {
        try {
            return open.isPresent() && open.get().connection().isValid(ALIVE_SECONDS);
        } catch (SQLException _) {
            return false;
        }
    }

    private static long[] sequences(List<WriterChain.Link> links) {
        return links.stream().mapToLong(it -> it.id().sequence()).toArray();
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

    private Open open() throws SQLException {
        if (open.isEmpty()) {
            var connection = database.dedicated();
            open = Optional.of(new Open(connection, connection.prepareStatement(APPEND)));
        }
        return open.get();
    }

    /** The next statement opens another one. */
    @Override
    public void close() {
        open.ifPresent(it -> {
            try {
                it.connection().close();
            } catch (SQLException _) {
                // it was broken already
            }
        });
        open = Optional.empty();
    }
}
