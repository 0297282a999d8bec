package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Tokens;
import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.LogEntry;
import io.sallyport.audit.LogHead;
import io.sallyport.audit.LogSource;
import io.sallyport.audit.MerkleTree;
import io.sallyport.audit.RecordId;
import io.sallyport.audit.SearchTerms;
import io.sallyport.audit.StoreState;
import io.sallyport.audit.StoredKeys;
import io.sallyport.audit.TreeFrontier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One log as its database holds it at one moment: every query sees the same snapshot, which is
 * younger than the log's own checkpoint, so that a gateway that goes on writing raises no alarm.
 */
final class ArchivedLog implements LogSource, AutoCloseable {
    /** Rows of one fetch: with {@link #SMALL} payloads at most 16 MiB in memory. */
    private static final int FETCH = 512;

    /** Larger payloads are fetched one at a time. */
    private static final int SMALL = 32 * 1024;

    /**
     * Age of a record that should have its place in the tree, in microseconds: the bound from which
     * on the gateway refuses to record more.
     */
    private static final long STRANDED_MICROS = 5_000_000;

    private static final String RECORDS =
            """
            select l.index, l.hash, i.hash, i.leaf, i.kind, i.ts, l.writer, l.epoch, l.wseq,
                case when octet_length(p.sealed) <= %d then p.sealed end, p.log,
                s.kind, s.principal, s.server, s.tool, s.decision, s.run, s.status,
                s.client, s.model, s.input, s.output
            from audit_leaf l join audit_intake i on i.log = l.log
                and i.writer = l.writer and i.epoch = l.epoch and i.wseq = l.wseq
            left join audit_payload p on p.log = l.log
                and p.writer = l.writer and p.epoch = l.epoch and p.wseq = l.wseq
            left join %s s on s.log = l.log and s.ts = i.ts and s.index = l.index
            where l.log = ? order by l.index
            """;

    private static final String SEARCH = "audit_search";

    /** Stands for the search index of a database that no gateway of today has opened yet. */
    private static final String NO_SEARCH =
            """
            (select null::text as log, null::bigint as ts, null::bigint as index,
                null::text as kind, null::text as principal, null::text as server,
                null::text as tool, null::text as decision, null::text as run,
                null::text as status, null::text as client, null::text as model,
                null::bigint as input, null::bigint as output)
            """;

    private final String log;
    private final String origin;
    private final Connections connections;
    private final Notes notes;
    private final Optional<Sealer> sealer;
    private Optional<Connection> snapshot = Optional.empty();

    /** Opens connections to the database. */
    @FunctionalInterface
    interface Connections {
        Connection open() throws SQLException;
    }

    /** The newest checkpoint that was signed for a log. */
    @FunctionalInterface
    interface Notes {
        Optional<String> last(String log) throws IOException;
    }

    /**
     * @param sealer what wraps the keys to payloads, if it is at hand
     */
    ArchivedLog(
            String log,
            String origin,
            Connections connections,
            Notes notes,
            Optional<Sealer> sealer) {
        this.sealer = sealer;
        this.log = log;
        this.origin = origin;
        this.connections = connections;
        this.notes = notes;
    }

    @Override
    public LogHead head() throws IOException {
        return new LogHead(notes.last(log).orElse(""), "", true);
    }

    @Override
    public Optional<StoreState> state() throws IOException {
        try {
            var waiting = count("<=");
            return Optional.of(new StoreState(tree(), waiting, count(">"), keys(), search()));
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static IOException unreadable(SQLException e) {
        return new IOException("the log cannot be read", e);
    }

    private Connection snapshot() throws SQLException {
        if (snapshot.isEmpty()) {
            snapshot = Optional.of(connections.open());
        }
        return snapshot.get();
    }

    /** A tree whose frontier cannot be read has the root of no records. */
    private Checkpoint tree() throws SQLException {
        try (var query =
                snapshot()
                        .prepareStatement("select size, frontier from audit_tree where log = ?")) {
            query.setString(1, log);
            try (var row = query.executeQuery()) {
                return row.next()
                        ? tree(Math.max(0, row.getLong(1)), row.getBytes(2))
                        : new Checkpoint(origin, 0, MerkleTree.emptyRoot());
            }
        }
    }

    private Checkpoint tree(long size, byte[] encoded) {
        try {
            var frontier = TreeFrontier.decode(encoded);
            var root = frontier.size() == size ? frontier.root() : MerkleTree.emptyRoot();
            return new Checkpoint(origin, size, root);
        } catch (IllegalArgumentException _) {
            return new Checkpoint(origin, size, MerkleTree.emptyRoot());
        }
    }

    private long count(String comparison) throws SQLException {
        var sql =
                """
                select count(*) from audit_intake i where i.log = ? and not exists (
                    select 1 from audit_leaf l where l.log = i.log and l.writer = i.writer
                    and l.epoch = i.epoch and l.wseq = i.wseq)
                and abs(extract(epoch from clock_timestamp()) * 1000000 - i.ts) %s ?
                """;
        try (var query = snapshot().prepareStatement(sql.formatted(comparison))) {
            query.setString(1, log);
            query.setLong(2, STRANDED_MICROS);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private StoredKeys keys() throws SQLException {
        try (var query =
                snapshot()
                        .prepareStatement(
                                "select id, pseudonym, month, wrapped"
                                        + " from audit_keys.subject_key where tenant = ?")) {
            query.setString(1, log);
            try (var row = query.executeQuery()) {
                var keys = new WrappedKeys(log, sealer);
                while (row.next()) {
                    keys.add(row);
                }
                return keys.stored();
            }
        }
    }

    private StoreState.Search search() throws SQLException {
        if (!hasSearch()) {
            return StoreState.Search.NONE;
        }
        try (var query =
                snapshot()
                        .prepareStatement(
                                """
                                select coalesce(
                                        (select next from audit_search_mark where log = ?), 0),
                                    (select count(*) from audit_search where log = ?)
                                """)) {
            query.setString(1, log);
            query.setString(2, log);
            try (var row = query.executeQuery()) {
                row.next();
                return new StoreState.Search(row.getLong(1), row.getLong(2));
            }
        }
    }

    private boolean hasSearch() throws SQLException {
        try (var query =
                        snapshot()
                                .prepareStatement(
                                        """
                                        select exists (select 1 from pg_attribute
                                            where attrelid = to_regclass('audit_search')
                                                and attname = 'client' and not attisdropped)
                                        """);
                var row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public Stream<LogEntry> entries() throws IOException {
        try {
            var query = snapshot().prepareStatement(records());
            query.setFetchSize(FETCH);
            query.setString(1, log);
            var cursor = new Cursor(query, query.executeQuery());
            return StreamSupport.<LogEntry>stream(cursor, false).onClose(this::close);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private String records() throws SQLException {
        return RECORDS.formatted(SMALL, hasSearch() ? SEARCH : NO_SEARCH);
    }

    /** Ends the snapshot. */
    @Override
    public void close() {
        try {
            if (snapshot.isPresent()) {
                snapshot.get().close();
            }
        } catch (SQLException e) {
            throw new UncheckedIOException(unreadable(e));
        } finally {
            snapshot = Optional.empty();
        }
    }

    /** Records from the server, a batch at a time. */
    private final class Cursor extends Spliterators.AbstractSpliterator<LogEntry> {
        private final PreparedStatement query;
        private final ResultSet rows;

        Cursor(PreparedStatement query, ResultSet rows) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.query = query;
            this.rows = rows;
        }

        @Override
        public boolean tryAdvance(Consumer<? super LogEntry> action) {
            try {
                if (!rows.next()) {
                    query.close();
                    return false;
                }
                action.accept(entry());
                return true;
            } catch (SQLException e) {
                throw new UncheckedIOException(unreadable(e));
            }
        }

        private LogEntry entry() throws SQLException {
            var id = new RecordId(rows.getString(7), rows.getLong(8), rows.getLong(9));
            var labels =
                    new LogEntry.Labels.Columns(
                            hash(rows.getBytes(2), rows.getBytes(3)),
                            rows.getString(5),
                            rows.getLong(6),
                            id,
                            indexed());
            return new LogEntry.Stored(rows.getLong(1), rows.getBytes(4), payload(id), labels);
        }

        private Optional<SearchTerms> indexed() throws SQLException {
            if (rows.getString(12) == null) {
                return Optional.empty();
            }
            return Optional.of(
                    new SearchTerms(
                            text(12),
                            text(13),
                            text(14),
                            text(15),
                            text(16),
                            text(17),
                            text(18),
                            text(19),
                            text(20),
                            new Tokens(whole(21), whole(22))));
        }

        private long whole(int column) throws SQLException {
            long value = rows.getLong(column);
            return rows.wasNull() ? AuditRecord.ABSENT : value;
        }

        private String text(int column) throws SQLException {
            return Objects.requireNonNullElse(rows.getString(column), "");
        }

        /** What both tables say, or nothing that a hash could be. */
        private static byte[] hash(byte[] inTree, byte[] inIntake) {
            return Arrays.equals(inTree, inIntake) ? inTree : new byte[0];
        }

        private byte[] payload(RecordId id) throws SQLException {
            var small = rows.getBytes(10);
            var stored = rows.getString(11);
            return small == null && stored != null ? large(id) : orNothing(small);
        }
    }

    private static byte[] orNothing(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    private byte[] large(RecordId id) throws SQLException {
        try (var query =
                snapshot()
                        .prepareStatement(
                                """
                                select sealed from audit_payload
                                where log = ? and writer = ? and epoch = ? and wseq = ?
                                """)) {
            query.setString(1, log);
            query.setString(2, id.writer());
            query.setLong(3, id.epoch());
            query.setLong(4, id.sequence());
            try (var row = query.executeQuery()) {
                return row.next() ? row.getBytes(1) : new byte[0];
            }
        }
    }
}
