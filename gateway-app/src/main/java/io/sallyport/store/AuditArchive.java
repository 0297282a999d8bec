package io.sallyport.store;

import io.sallyport.audit.CheckpointStore;
import io.sallyport.audit.LeafStore;
import io.sallyport.audit.LogSource;
import io.sallyport.audit.NoteVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The audit logs of a data folder, read only and apart from whoever writes them: works beside a
 * running gateway and without one.
 */
public final class AuditArchive implements LeafStore, CheckpointStore, AutoCloseable {
    /** The name of an installation in its checkpoints. */
    public static final String DEPLOYMENT = "sallyport.local";

    private static final int FETCH = 1_000;

    private final CheckpointSigner signer;
    private final DatabaseAddress address;
    private final Optional<EmbeddedDatabase> started;

    private AuditArchive(
            GatewayFolder folder, DatabaseAddress address, Optional<EmbeddedDatabase> started) {
        signer = new CheckpointSigner(folder, DEPLOYMENT);
        this.address = address;
        this.started = started;
    }

    /**
     * Opens the logs of a folder; its database is started for the time being if it does not run.
     *
     * @param other the database, if it is not the embedded one
     */
    public static AuditArchive open(Path path, Optional<DatabaseAddress> other) {
        if (!Files.isDirectory(path)) {
            throw new StartFailure("there is no data folder " + path);
        }
        var folder = GatewayFolder.open(path);
        if (other.isPresent()) {
            return new AuditArchive(folder, other.get(), Optional.empty());
        }
        if (!Files.exists(folder.resolve("database").resolve("PG_VERSION"))) {
            throw new StartFailure("the data folder " + path + " holds no database");
        }
        var database = EmbeddedDatabase.start(folder);
        return new AuditArchive(
                folder,
                database.address(),
                database.wasFound() ? Optional.empty() : Optional.of(database));
    }

    /** The key of a log, as this folder knows it. */
    public NoteVerifier key(String log) {
        return signer.verifier(log);
    }

    public LogSource log(String log) {
        return LogSource.stored(this, this, key(log));
    }

    /** Every log that has a record. */
    public List<String> logs() {
        try (var connection = connect();
                var query = connection.prepareStatement("select log from audit_tree order by log");
                var row = query.executeQuery()) {
            var logs = new ArrayList<String>();
            while (row.next()) {
                logs.add(row.getString(1));
            }
            return logs;
        } catch (SQLException e) {
            throw new StartFailure(
                    "the audit log cannot be read (SQL state " + e.getSQLState() + ")", e);
        }
    }

    private Connection connect() throws SQLException {
        var connection =
                DriverManager.getConnection(address.url(), address.user(), address.password());
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public long size(String log) throws IOException {
        try (var connection = connect();
                var query =
                        connection.prepareStatement(
                                "select coalesce(max(index) + 1, 0) from audit_leaf where log = ?")) {
            query.setString(1, log);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IOException("the log cannot be read", e);
        }
    }

    @Override
    public Stream<byte[]> leaves(String log, long from, long to) throws IOException {
        try {
            var cursor = Cursor.open(connect(), log, from, to);
            return StreamSupport.stream(cursor, false).onClose(cursor::close);
        } catch (SQLException e) {
            throw new IOException("the log cannot be read", e);
        }
    }

    /** Leaves from the server, a batch at a time. */
    private static final class Cursor extends Spliterators.AbstractSpliterator<byte[]> {
        private static final String LEAVES =
                """
                select i.leaf from audit_leaf l join audit_intake i on i.log = l.log
                    and i.writer = l.writer and i.epoch = l.epoch and i.wseq = l.wseq
                where l.log = ? and l.index >= ? and l.index < ? order by l.index
                """;

        private final Connection connection;
        private final PreparedStatement query;
        private final ResultSet rows;

        private Cursor(Connection connection, PreparedStatement query, ResultSet rows) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
            this.connection = connection;
            this.query = query;
            this.rows = rows;
        }

        static Cursor open(Connection connection, String log, long from, long to)
                throws SQLException {
            var query = connection.prepareStatement(LEAVES);
            query.setFetchSize(FETCH);
            query.setString(1, log);
            query.setLong(2, from);
            query.setLong(3, to);
            return new Cursor(connection, query, query.executeQuery());
        }

        @Override
        public boolean tryAdvance(Consumer<? super byte[]> action) {
            try {
                if (!rows.next()) {
                    return false;
                }
                action.accept(rows.getBytes(1));
                return true;
            } catch (SQLException e) {
                throw new UncheckedIOException(new IOException("the log cannot be read", e));
            }
        }

        void close() {
            try (connection;
                    query;
                    rows) {
                connection.rollback();
            } catch (SQLException e) {
                throw new UncheckedIOException(new IOException("the log cannot be closed", e));
            }
        }
    }

    @Override
    public Optional<String> latest(String log) {
        return signer.lastNote(log);
    }

    @Override
    public void save(String log, String note) {
        throw new IllegalStateException("an archive is read only");
    }

    @Override
    public void close() {
        started.ifPresent(EmbeddedDatabase::close);
    }
}
