package io.sallyport.store;

import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in the data folder, run beside the gateway and bound to 127.0.0.1. It survives
 * a killed gateway, and the next start uses it as it is. Every durability setting is on.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String USER = "sallyport";
    private static final String PASSWORD_FILE = "database.password";

    /** The line of postmaster.pid that holds the port; the file's format is PostgreSQL's. */
    private static final int PORT_LINE = 3;

    /** Longest time that PostgreSQL may take to start or stop; a crash recovery needs some. */
    private static final int WAIT_SECONDS = 120;

    /** What a killed server leaves in the way of the next one goes within seconds. */
    private static final int TRIES_UNTOLD = 30;

    private static final long BETWEEN_RESTARTS_NANOS = 1_000_000_000;

    private final Path binaries;
    private final Path cluster;
    private final DatabaseAddress address;
    private final boolean found;
    private volatile Optional<SupervisedThread> watcher = Optional.empty();
    private volatile boolean stopping;

    private EmbeddedDatabase(Path binaries, Path cluster, DatabaseAddress address, boolean found) {
        this.binaries = binaries;
        this.cluster = cluster;
        this.address = address;
        this.found = found;
    }

    /**
     * Starts the database of a data folder, or finds the one that a killed gateway left running.
     *
     * @throws StartFailure if it does not come up
     */
    public static EmbeddedDatabase start(GatewayFolder folder) {
        var binaries = PostgresBinaries.unpackedIn(folder.resolve("postgresql"));
        var cluster = folder.resolve("database");
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            initialise(folder, binaries, cluster);
        }
        var found = isRunning(binaries, cluster);
        if (!found) {
            launch(folder, binaries, cluster);
        }
        return new EmbeddedDatabase(binaries, cluster, addressOf(folder, cluster), found);
    }

    private static void initialise(GatewayFolder folder, Path binaries, Path cluster) {
        deleteTree(cluster); // left by an initdb that was cut off
        var password = new byte[24];
        new SecureRandom().nextBytes(password);
        folder.writeSecret(
                PASSWORD_FILE,
                HexFormat.of().formatHex(password).getBytes(StandardCharsets.US_ASCII));
        run(
                List.of(
                        binaries.resolve("bin/initdb").toString(),
                        "--pgdata=" + cluster,
                        "--username=" + USER,
                        "--pwfile=" + folder.resolve(PASSWORD_FILE),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C"),
                "the embedded PostgreSQL cannot make its files");
    }

    private static void launch(GatewayFolder folder, Path binaries, Path cluster) {
        var options =
                String.join(
                        " ",
                        "-p " + freePort(),
                        "-c listen_addresses=127.0.0.1",
                        "-c unix_socket_directories=''",
                        "-c fsync=on",
                        "-c synchronous_commit=on",
                        "-c full_page_writes=on",
                        "-c max_connections=60",
                        "-c shared_buffers=128MB",
                        "-c log_statement=none",
                        "-c log_min_error_statement=panic");
        run(
                List.of(
                        binaries.resolve("bin/pg_ctl").toString(),
                        "--pgdata=" + cluster,
                        "--wait",
                        "--timeout=" + WAIT_SECONDS,
                        "--log=" + folder.resolve("database.log"),
                        "--options=" + options,
                        "start"),
                "the embedded PostgreSQL does not start; see database.log in the data folder");
    }

    private static int freePort() {
        try (var socket =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartFailure("no free port for the embedded PostgreSQL", e);
        }
    }

    private static boolean isRunning(Path binaries, Path cluster) {
        return exitCode(
                        List.of(
                                binaries.resolve("bin/pg_ctl").toString(),
                                "--pgdata=" + cluster,
                                "status"))
                == 0;
    }

    private static DatabaseAddress addressOf(GatewayFolder folder, Path cluster) {
        try {
            var port = Files.readAllLines(cluster.resolve("postmaster.pid")).get(PORT_LINE).strip();
            var password = Files.readString(folder.resolve(PASSWORD_FILE)).strip();
            return new DatabaseAddress(
                    "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, password);
        } catch (IOException e) {
            throw new StartFailure("the embedded PostgreSQL left no address", e);
        }
    }

    public DatabaseAddress address() {
        return address;
    }

    /** True if it was running before this process asked for it. */
    public boolean wasFound() {
        return found;
    }

    /** From now on starts it again, at the same address, if it ends by itself. */
    public void keepRunning(Supervision supervision) {
        var watch = supervision.platform("database-watch", this::watch);
        watcher = Optional.of(watch);
        watch.start();
    }

    private void watch() {
        while (!stopping) {
            server().map(ProcessHandle::onExit).ifPresent(CompletableFuture::join);
            if (!stopping) {
                startAgain();
            }
        }
    }

    private Optional<ProcessHandle> server() {
        try {
            var pid = Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip();
            return ProcessHandle.of(Long.parseLong(pid));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** However long it takes: a disk that was full has room again some day. */
    private void startAgain() {
        LOG.error("the embedded PostgreSQL has ended; starting it again");
        for (int tries = 1; !stopping; tries++) {
            if (exitCode(restart()) == 0) {
                LOG.info("the embedded PostgreSQL runs again");
                return;
            }
            if (tries % TRIES_UNTOLD == 0) {
                LOG.error("the embedded PostgreSQL does not start; see database.log");
            }
            LockSupport.parkNanos(BETWEEN_RESTARTS_NANOS);
        }
    }

    /** With the options of its last start. */
    private List<String> restart() {
        return List.of(
                binaries.resolve("bin/pg_ctl").toString(),
                "--pgdata=" + cluster,
                "--wait",
                "--timeout=" + WAIT_SECONDS,
                "--log=" + cluster.resolveSibling("database.log"),
                "restart");
    }

    /** Stops it; open transactions are rolled back, committed ones are on disk. */
    @Override
    public void close() {
        watcher.ifPresent(SupervisedThread::finish);
        stopping = true;
        if (!isRunning(binaries, cluster)) {
            return;
        }
        run(
                List.of(
                        binaries.resolve("bin/pg_ctl").toString(),
                        "--pgdata=" + cluster,
                        "--wait",
                        "--timeout=" + WAIT_SECONDS,
                        "--mode=fast",
                        "stop"),
                "the embedded PostgreSQL does not stop");
    }

    private static void run(List<String> command, String failure) {
        if (exitCode(command) != 0) {
            throw new StartFailure(failure);
        }
    }

    static int exitCode(List<String> command) {
        try {
            var process =
                    ChildEnvironment.minimal(new ProcessBuilder(asOrdinaryUser(command)))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(2L * WAIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new StartFailure("the embedded PostgreSQL does not answer");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new StartFailure("the embedded PostgreSQL cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for PostgreSQL", e);
        }
    }

    /** PostgreSQL refuses to run as root; a user namespace makes root an ordinary user to it. */
    private static List<String> asOrdinaryUser(List<String> command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        var wrapped = new ArrayList<>(List.of("unshare", "--user"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new StartFailure("cannot clear an unfinished database", e);
        }
    }
}
