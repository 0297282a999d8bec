package io.sallyport.store;

import io.sallyport.audit.Checkpoint;
import io.sallyport.audit.LogSource;
import io.sallyport.audit.NoteSigner;
import io.sallyport.audit.NoteVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The audit logs of a data folder, read only and apart from whoever writes them: works beside a
 * running gateway and without one, and leaves nothing behind. It makes no key.
 */
public final class AuditArchive implements AutoCloseable {
    /** The name of an installation in its checkpoints. */
    public static final String DEPLOYMENT = "sallyport.local";

    private static final Pattern JOURNAL = Pattern.compile("signed-(.+)\\.checkpoint");

    private final GatewayFolder folder;
    private final DatabaseServer database;
    private final Optional<Sealer> sealer;
    private final List<ArchivedLog> opened = new ArrayList<>();

    private AuditArchive(GatewayFolder folder, DatabaseServer database, Optional<Sealer> sealer) {
        this.sealer = sealer;
        this.folder = folder;
        this.database = database;
    }

    /** Opens the logs of a folder without the seal key: keys to payloads are not opened. */
    public static AuditArchive open(Path path, Optional<DatabaseAddress> other) {
        return open(path, other, Optional.empty());
    }

    /**
     * Opens the logs of a folder; its database is started for the time being if it does not run.
     *
     * @param other the database, if it is not the embedded one
     * @param sealKey the key that seals secrets at rest, if it is at hand
     */
    public static AuditArchive open(
            Path path, Optional<DatabaseAddress> other, Optional<byte[]> sealKey) {
        var sealer = sealKey.map(Sealer::new);
        if (!Files.isDirectory(path)) {
            throw new StartFailure("there is no data folder " + path);
        }
        var folder = GatewayFolder.existing(path);
        if (other.isEmpty() && !Files.exists(folder.resolve("database").resolve("PG_VERSION"))) {
            throw new StartFailure("the data folder " + path + " holds no database");
        }
        return new AuditArchive(folder, DatabaseServer.visited(other, folder), sealer);
    }

    /**
     * The key of a log, as this folder knows it.
     *
     * @throws StartFailure if the folder has no key
     */
    public NoteVerifier key(String log) {
        return findKey(log)
                .orElseThrow(() -> new StartFailure("the audit key is not in the data folder"));
    }

    /** The same, empty if the folder has no key or none that can be read. */
    public Optional<NoteVerifier> findKey(String log) {
        try {
            var pair = Files.readAllBytes(folder.resolve(CheckpointSigner.KEY_FILE));
            return Optional.of(NoteSigner.load(origin(log), pair).verifier());
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String origin(String log) {
        return Checkpoint.origin(DEPLOYMENT, log);
    }

    /** A log as it is now; to be read once. */
    public LogSource log(String log) {
        var archived = new ArchivedLog(log, origin(log), this::snapshot, this::lastNote, sealer);
        opened.add(archived);
        return archived;
    }

    /** The newest checkpoint that the folder's gateway signed for a log. */
    public Optional<String> lastNote(String log) throws IOException {
        var file = folder.resolve(CheckpointSigner.journal(log));
        return Files.exists(file) ? Optional.of(text(file)) : Optional.empty();
    }

    /** Bytes that are no text become a note that does not open, as an empty file does. */
    private static String text(Path file) throws IOException {
        var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return text.isEmpty() ? "\n" : text;
    }

    /** Every log that has a record, a tree or a checkpoint. */
    public List<String> logs() {
        var logs = new TreeSet<String>();
        try (var connection = snapshot();
                var query =
                        connection.prepareStatement(
                                """
                                with recursive written (log) as (
                                    (select log from audit_intake order by log limit 1)
                                    union all
                                    select (select min(log) from audit_intake i
                                            where i.log > written.log)
                                    from written where written.log is not null)
                                select log from written where log is not null
                                union select log from audit_tree
                                union select log from audit_lane
                                """);
                var row = query.executeQuery();
                var files = Files.list(folder.root())) {
            while (row.next()) {
                logs.add(row.getString(1));
            }
            files.map(file -> JOURNAL.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .forEach(journal -> logs.add(journal.group(1)));
            return List.copyOf(logs);
        } catch (SQLException e) {
            throw new StartFailure("the audit log cannot be read" + StartFailure.state(e), e);
        } catch (IOException e) {
            throw new StartFailure("the data folder cannot be read", e);
        }
    }

    private Connection snapshot() throws SQLException {
        var address = database.address();
        var connection =
                DriverManager.getConnection(address.url(), address.user(), address.password());
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void close() {
        opened.forEach(ArchivedLog::close);
        database.close();
    }
}
