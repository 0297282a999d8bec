import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The PostgreSQL that a gateway runs on its data folder: what is done to it, and what is in it. */
final class Database {
    private static final Duration READY = Duration.ofSeconds(120);

    private final Path data;

    /**
     * @param data the gateway's data folder
     */
    Database(Path data) {
        this.data = data;
    }

    /** The server's main process first, so that it starts no others meanwhile. */
    List<Long> pids() {
        try {
            var file = data.resolve("database/postmaster.pid");
            if (!Files.exists(file)) {
                return List.of();
            }
            var lines = Files.readAllLines(file);
            if (lines.isEmpty()) {
                return List.of(); // it is just being written
            }
            var main = ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
            return main.stream()
                    .filter(it -> runsInOurFolder(it.pid()))
                    .flatMap(it -> Stream.concat(Stream.of(it), it.descendants()))
                    .map(ProcessHandle::pid)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file outlives its process, and ids are used again: a stranger is left alone. */
    private boolean runsInOurFolder(long pid) {
        try {
            var ownFolder = Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"));
            return ownFolder.equals(data.resolve("database").toRealPath());
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    void kill() {
        var processes = pids().stream().map(ProcessHandle::of).flatMap(Optional::stream);
        for (var process : processes.toList()) {
            process.destroyForcibly();
            var _ = process.onExit().join();
        }
    }

    void freeze() {
        signal("-STOP", pids());
    }

    void thaw(List<Long> pids) {
        signal("-CONT", pids);
    }

    private static void signal(String signal, List<Long> pids) {
        var command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(it -> command.add(Long.toString(it)));
        World.run(Duration.ofSeconds(10), command);
    }

    /**
     * Ends the database, and keeps it from starting again until what this returns is run; then the
     * gateway's next attempt succeeds.
     */
    Runnable keepDown() {
        var settings = data.resolve("database/postgresql.conf");
        var away = data.resolve("postgresql.conf.away");
        move(settings, away); // without it, every start fails at once
        kill();
        return () -> {
            move(away, settings);
            World.await(Duration.ofSeconds(120), "nobody starts the database again", () -> !pids().isEmpty());
        };
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first column of the first row. */
    long count(String sql) {
        return Long.parseLong(column(sql).getFirst());
    }

    /** Asks again while the database is on its way back. */
    List<String> column(String sql) {
        var found = new ArrayList<String>();
        World.await(READY, "the database cannot be asked", () -> ask(sql, found));
        return found;
    }

    private boolean ask(String sql, List<String> found) {
        found.clear();
        try (var connection = connect();
                var rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return true;
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    private Connection connect() throws SQLException, IOException {
        var port = Files.readAllLines(data.resolve("database/postmaster.pid")).get(3).strip();
        var password = Files.readString(data.resolve("database.password")).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "sallyport", password);
    }
}
