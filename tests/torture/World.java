import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    private final Database database;
    private int starts;
    private Process gateway;
    private Path log;
    private String url = "";

    private World(Path folder, Path data, Map<String, String> environment) {
        this.folder = folder;
        this.data = data;
        this.environment = environment;
        database = new Database(data);
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

    Database database() {
        return database;
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

    void killGateway() {
        gateway.destroyForcibly();
        var _ = gateway.onExit().join();
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
        database.kill();
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
