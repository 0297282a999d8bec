package io.sallyport.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A real PostgreSQL that tests may freeze, kill and start again. Each test takes a database of its
 * own in it.
 */
public final class FaultyPostgres implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final GatewayFolder folder;
    private final EmbeddedDatabase embedded;

    private FaultyPostgres(GatewayFolder folder, EmbeddedDatabase embedded) {
        this.folder = folder;
        this.embedded = embedded;
    }

    static FaultyPostgres start() {
        try {
            var folder = GatewayFolder.open(Files.createTempDirectory("sallyport-faults"));
            var embedded = EmbeddedDatabase.start(folder);
            // One call after a crash, instead of one for each file of each test's database.
            Files.writeString(
                    folder.resolve("database/postgresql.auto.conf"),
                    "recovery_init_sync_method = 'syncfs'\n");
            return new FaultyPostgres(folder, embedded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A database with nothing in it. */
    public DatabaseAddress newDatabase() {
        var name = "faults" + DATABASES.incrementAndGet();
        var first = embedded.address();
        execute(first, "create database " + name);
        return new DatabaseAddress(
                first.url().replaceFirst("/postgres$", "/" + name), first.user(), first.password());
    }

    /** A folder that goes with this server. */
    public Path newFolder() {
        try {
            return Files.createTempDirectory(folder.root(), "gateway");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for what will be so; on a busy machine that may take a while. */
    public static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** What a transaction holds until it is closed. */
    public record Held(Connection connection) implements AutoCloseable {
        @Override
        public void close() {
            try (connection) {
                connection.rollback();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Keeps the locks of a statement until it is told to let go. */
    @SuppressWarnings("MustBeClosed") // handed on to the caller, who closes it
    public static Held hold(DatabaseAddress database, String sql) {
        try {
            var connection = connect(database);
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
            return new Held(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets no record reach the intake; the lease can still be renewed. */
    public static Held holdIntake(DatabaseAddress database) {
        return hold(database, "lock table audit_intake in exclusive mode");
    }

    /** Stops every batch before it has looked at anything. */
    public static Held holdWriters(DatabaseAddress database) {
        return hold(database, "select 1 from audit_writer for update");
    }

    public static void execute(DatabaseAddress database, String sql) {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of every row as text. */
    public static List<String> column(DatabaseAddress database, String sql, Object... values) {
        try (var connection = connect(database);
                var query = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                query.setObject(i + 1, values[i]);
            }
            var found = new ArrayList<String>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    public static long count(DatabaseAddress database, String sql, Object... values) {
        return Long.parseLong(column(database, sql, values).getFirst());
    }

    private static Connection connect(DatabaseAddress database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    /** Stops every process of the server where it stands: it accepts connections and is silent. */
    public void freeze() {
        signal("-STOP", pids());
    }

    public void thaw() {
        signal("-CONT", pids());
    }

    /** Ends every process of the server at once. */
    public void kill() {
        var processes = pids().stream().map(ProcessHandle::of).flatMap(java.util.Optional::stream);
        processes.toList().forEach(FaultyPostgres::kill);
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        var _ = process.onExit().join();
    }

    /** Starts a killed server again, at the same address. */
    public void restart() {
        var command =
                List.of(
                        folder.resolve("postgresql/bin/pg_ctl").toString(),
                        "--pgdata=" + folder.resolve("database"),
                        "--wait",
                        "restart");
        if (EmbeddedDatabase.exitCode(command) != 0) {
            throw new AssertionError("PostgreSQL does not start again");
        }
    }

    /** The server's main process first, so that it starts no others meanwhile. */
    private List<Long> pids() {
        try {
            var file = Files.readAllLines(folder.resolve("database/postmaster.pid"));
            var main = ProcessHandle.of(Long.parseLong(file.getFirst().strip())).orElseThrow();
            return Stream.concat(Stream.of(main), main.descendants())
                    .map(ProcessHandle::pid)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal to processes that the test has started. */
    public static void signal(String signal, List<Long> pids) {
        var command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(it -> command.add(Long.toString(it)));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        embedded.close();
        try (var files = Files.walk(folder.root())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
