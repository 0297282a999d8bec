import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One gateway as a process with its own data folder and its embedded PostgreSQL. Whatever is started
 * here is ended here, by its id.
 */
final class World implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(120);
    private static final Path HOME = Path.of(System.getProperty("sallyport.home"));

    private final Path folder;
    private final Path data;
    private final Map<String, String> environment;
    private int starts;
    private Process gateway;
    private Path log;
    private String url = "";

    private World(Path folder, Path data, Map<String, String> environment) {
        this.folder = folder;
        this.data = data;
        this.environment = environment;
    }

    static World start() throws IOException {
        var folder = Files.createTempDirectory("sallyport-torture");
        return start(folder, folder.resolve("data"), Map.of());
    }

    /**
     * @param environment more variables for the gateway, such as {@code SALLYPORT_JAVA_OPTS}
     */
    static World start(Path folder, Path data, Map<String, String> environment) throws IOException {
        var world = new World(folder, data, environment);
        try {
            world.launch();
            world.awaitReady();
            return world;
        } catch (RuntimeException | IOException e) {
            world.close();
            throw e;
        }
    }

    Path data() {
        return data;
    }

    /** Starts the program; it is not ready yet. */
    void launch() throws IOException {
        log = folder.resolve("gateway-" + ++starts + ".log");
        url = "";
        var builder =
                new ProcessBuilder(
                                HOME.resolve("sallyport").toString(),
                                "serve",
                                "--dev",
                                "--port",
                                "0",
                                "--data",
                                data.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        gateway = builder.start();
    }

    /** Waits until calls can be made, and returns how long that took. */
    Duration awaitReady() {
        long start = System.nanoTime();
        await(READY, "the gateway does not listen: " + log, () -> isListening());
        var asker = new Client(url, "", "");
        await(READY, "the gateway is not ready: " + log, () -> asker.get("/readyz").status() == 200);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private boolean isListening() {
        if (!gateway.isAlive()) {
            throw new Failure("the gateway ended: " + tail());
        }
        try (var lines = Files.lines(log)) {
            lines.filter(it -> it.startsWith("Sallyport listens on "))
                    .findFirst()
                    .ifPresent(it -> url = it.substring("Sallyport listens on ".length()).strip());
        } catch (IOException | UncheckedIOException _) {
            return false; // not written yet
        }
        return !url.isEmpty();
    }

    private String tail() {
        try {
            var lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    boolean isAlive() {
        return gateway.isAlive();
    }

    long pid() {
        return gateway.pid();
    }

    /** The server's main process first, so that it starts no others meanwhile. */
    List<Long> databasePids() {
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
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file outlives its process, and ids are used again: a stranger is left alone. */
    private boolean runsInOurFolder(long pid) {
        try {
            var folder = Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"));
            return folder.equals(data.resolve("database").toRealPath());
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    void killGateway() {
        gateway.destroyForcibly();
        var _ = gateway.onExit().join();
    }

    void killDatabase() {
        var processes = databasePids().stream().map(ProcessHandle::of).flatMap(java.util.Optional::stream);
        for (var process : processes.toList()) {
            process.destroyForcibly();
            var _ = process.onExit().join();
        }
    }

    void freezeDatabase() {
        signal("-STOP", databasePids());
    }

    void thawDatabase(List<Long> pids) {
        signal("-CONT", pids);
    }

    private static void signal(String signal, List<Long> pids) {
        var command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(it -> command.add(Long.toString(it)));
        run(Duration.ofSeconds(10), command);
    }

    /**
     * Ends the database, and every one that the gateway starts in its place, until what this returns
     * is run; then the gateway's next attempt succeeds.
     */
    Runnable keepDatabaseDown() {
        killDatabase();
        var killer =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                killDatabase();
                                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                            }
                        });
        return () -> {
            killer.interrupt();
            try {
                killer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            await(Duration.ofSeconds(120), "nobody starts the database again", () -> !databasePids().isEmpty());
        };
    }

    /** Runs a command that it waits for, and returns its exit code. */
    static int run(Duration patience, List<String> command) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new Failure(command.getFirst() + " does not end");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted", e);
        }
    }

    String url() {
        return url;
    }

    private String credential(String variable) {
        try {
            var prefix = "export " + variable + "=";
            return Files.readAllLines(data.resolve("credentials")).stream()
                    .filter(it -> it.startsWith(prefix))
                    .map(it -> it.substring(prefix.length()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The platform's admin at work in a tenant. */
    Client admin(String tenant) {
        return new Client(url, credential("SALLYPORT_ADMIN_KEY"), tenant);
    }

    /** A client of the tenant with this key. */
    Client with(String key) {
        return new Client(url, key, "");
    }

    String newTenant(String id) {
        admin("").post("/admin/v1/tenants", "{\"id\":\"" + id + "\"}").ok();
        return id;
    }

    String newKey(String tenant, String owner) {
        return admin(tenant)
                .post("/admin/v1/keys", "{\"owner\":\"%s\",\"kind\":\"agent\"}".formatted(owner))
                .ok()
                .json()
                .path("key")
                .asString();
    }

    /** Registers a server and approves what it lists, whatever can be approved. */
    void serve(String tenant, String slug, Upstream upstream, String risk) {
        register(tenant, slug, upstream).ok();
        approve(tenant, slug, risk).ok();
    }

    Client.Reply register(String tenant, String slug, Upstream upstream) {
        return admin(tenant)
                .post(
                        "/admin/v1/servers",
                        "{\"slug\":\"%s\",\"url\":\"%s/mcp\",\"era\":\"legacy\",\"egress\":{\"allow\":[\"127.0.0.1/32:%d\"]}}"
                                .formatted(slug, upstream.url(), upstream.port()));
    }

    Client.Reply approve(String tenant, String slug, String risk) {
        var approvals = new StringBuilder();
        for (JsonNode tool : admin(tenant).get("/admin/v1/servers/" + slug).ok().json().path("tools")) {
            approvals
                    .append(approvals.isEmpty() ? "" : ",")
                    .append("{\"name\":\"%s\",\"digest\":\"%s\",\"risk\":\"%s\"}"
                            .formatted(tool.path("name").asString(), tool.path("digest").asString(), risk));
        }
        return admin(tenant)
                .post("/admin/v1/servers/" + slug + "/approve", "{\"tools\":[" + approvals + "]}");
    }

    void policy(String tenant, String yaml) {
        admin(tenant).send("PUT", "/admin/v1/policies/current", "application/yaml", yaml).ok();
    }

    /**
     * @param more further members, such as {@code ,"toolset":"all"}
     */
    void model(String tenant, String alias, Upstream upstream, String more) {
        admin(tenant)
                .put(
                        "/admin/v1/models/" + alias,
                        ("{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"%s/v1\",\"model\":\"m\",\"api_key\":\"k\","
                                        + "\"egress\":{\"allow\":[\"127.0.0.1/32:%d\"]}}]%s}")
                                .formatted(upstream.url(), upstream.port(), more))
                .ok();
    }

    /** The first column of the first row. */
    long count(String sql) {
        return Long.parseLong(column(sql).getFirst());
    }

    /** Asks again while the database is on its way back. */
    List<String> column(String sql) {
        var found = new ArrayList<String>();
        await(READY, "the database cannot be asked", () -> ask(sql, found));
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

    private java.sql.Connection connect() throws SQLException, IOException {
        var port = Files.readAllLines(data.resolve("database/postmaster.pid")).get(3).strip();
        var password = Files.readString(data.resolve("database.password")).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "sallyport", password);
    }

    /** Takes a checkpoint of each log outside, stops the gateway and verifies; the exit code. */
    int verify(String... tenants) throws IOException {
        var command = new ArrayList<>(List.of(HOME.resolve("sallyport").toString(), "audit", "verify", "--data", data.toString()));
        for (var tenant : tenants) {
            var note = admin(tenant).get("/admin/v1/audit/checkpoint").ok().body();
            command.addAll(List.of("--checkpoint", Files.writeString(folder.resolve(tenant + ".note"), note).toString()));
        }
        stop();
        return run(Duration.ofMinutes(5), command);
    }

    /** Asks until it is so. */
    static void await(Duration patience, String otherwise, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new Failure(otherwise);
            }
            pause(20);
        }
    }

    static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted", e);
        }
    }

    /** Stops the gateway in good order, and its database with it. */
    void stop() {
        gateway.destroy();
        try {
            if (!gateway.waitFor(60, TimeUnit.SECONDS)) {
                killGateway();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            killGateway();
        }
    }

    @Override
    public void close() throws IOException {
        if (gateway != null) {
            stop();
        }
        killDatabase();
        if (Boolean.getBoolean("torture.keep")) {
            System.out.println("kept: " + folder);
            return;
        }
        delete(folder);
    }

    /** Deletes what can be deleted. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException _) {
                    continue; // a mount point; its own turn comes
                }
            }
        }
    }
}
