package io.sallyport.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;

/** What an older build left, as tests/upgrade/keep.sh kept it: a database and a data folder. */
public final class OlderInstallation {
    /** The last migration that the older build knew. */
    private static final String LAST_MIGRATION = "3";

    private static final List<String> FILES =
            List.of(
                    "audit.key",
                    "seal.key",
                    "credentials",
                    "node",
                    "signed-default.checkpoint",
                    "signed-globex.checkpoint",
                    "signed-_system.checkpoint");

    private final String resources;
    private final DatabaseAddress database;
    private final Path folder;

    private OlderInstallation(String resources, DatabaseAddress database, Path folder) {
        this.resources = resources;
        this.database = database;
        this.folder = folder;
    }

    /** Puts the installation of {@code commit} into a database of its own. */
    public static OlderInstallation restore(FaultyPostgres postgres, String commit) {
        var restored =
                new OlderInstallation(
                        "/upgrade/" + commit + "/", postgres.newDatabase(), postgres.newFolder());
        try {
            for (var name : FILES) {
                Files.writeString(
                        restored.folder.resolve(name),
                        restored.text(name, StandardCharsets.ISO_8859_1),
                        StandardCharsets.ISO_8859_1);
            }
            restored.restoreTables();
            return restored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void restoreTables() throws SQLException, IOException {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .target(LAST_MIGRATION)
                .load()
                .migrate();
        try (var connection =
                DriverManager.getConnection(database.url(), database.user(), database.password())) {
            try (var statement = connection.createStatement()) {
                statement.execute(
                        "set session_replication_role = replica;"
                                + " truncate flyway_schema_history"); // the older one is kept
            }
            load(connection, text("database.copy.gz", StandardCharsets.UTF_8));
        }
    }

    private static void load(Connection connection, String tables)
            throws SQLException, IOException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI();
        for (var table : tables.split("(?m)^\\\\\\.\n")) {
            var rows = table.indexOf('\n') + 1;
            copy.copyIn(
                    "copy " + table.substring(0, rows) + " from stdin",
                    new StringReader(table.substring(rows)));
        }
    }

    /** Makes the approvals as young as they were when this was kept. */
    public void renewApprovals() {
        FaultyPostgres.execute(
                database,
                "update approval set expires = now() + interval '10 minutes',"
                        + " document = jsonb_set(document::jsonb, '{expires}',"
                        + " to_jsonb(to_char((now() at time zone 'UTC') + interval '10 minutes',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')))::text");
    }

    public DatabaseAddress database() {
        return database;
    }

    public Path folder() {
        return folder;
    }

    /** A file of the installation, as text. */
    public String text(String name) {
        try {
            return text(name, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String name, Charset charset) throws IOException {
        try (var in = open(name)) {
            return new String(in.readAllBytes(), charset);
        }
    }

    private InputStream open(String name) throws IOException {
        var in = OlderInstallation.class.getResourceAsStream(resources + name);
        if (in == null) {
            throw new IOException("there is no " + resources + name);
        }
        return name.endsWith(".gz") ? new GZIPInputStream(in) : in;
    }
}
