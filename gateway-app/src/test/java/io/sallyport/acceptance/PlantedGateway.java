package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.Canaries.Kind;
import io.sallyport.audit.LogEntry;
import io.sallyport.store.AuditArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A gateway as a process of its own, one tenant in it, and all places that tell of what it did. */
final class PlantedGateway {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTENS = "Sallyport listens on ";

    /** Not the quieter log of tests. */
    private static final String AS_IN_PRODUCTION =
            "-Dlogback.configurationFile=logback.xml -Dlogging.config=classpath:logback.xml";

    /** Every list that admins have, but for the audit log. */
    private static final List<String> VIEWS =
            List.of("servers", "tools", "toolsets", "models", "keys", "approvals", "stops");

    private final Canaries canaries;
    private final Scratch scratch;
    private final GatewayProcess process;
    private final TenantDesk tenant;
    private final String platformKey;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> shown = new CopyOnWriteArrayList<>();

    private PlantedGateway(Canaries canaries, Scratch scratch, GatewayProcess process)
            throws IOException {
        this.canaries = canaries;
        this.scratch = scratch;
        this.process = process;
        platformKey = process.key("SALLYPORT_ADMIN_KEY");
        tenant = TenantDesk.create(new Http(url(log(scratch))), platformKey, "canaries");
    }

    /**
     * Starts it.
     *
     * @param profiles an operator's file of programs
     */
    static PlantedGateway start(Canaries canaries, Scratch scratch, Path profiles)
            throws IOException {
        var log = log(scratch);
        Files.createFile(log);
        var intoFile = List.of("/bin/sh", "-c", "exec \"$0\" \"$@\" >>'" + log + "' 2>&1");
        var environment =
                Map.of(
                        "SALLYPORT_PROFILES",
                        profiles.toString(),
                        "CLOUD_KEY",
                        canaries.secret(),
                        "JAVA_TOOL_OPTIONS",
                        AS_IN_PRODUCTION);
        var process =
                GatewayProcess.serveAfter(
                        intoFile,
                        scratch.path().resolve("data"),
                        environment,
                        "--dev",
                        "--port",
                        "0");
        await().atMost(PATIENCE).until(() -> Files.readString(log).contains(LISTENS));
        return new PlantedGateway(canaries, scratch, process);
    }

    private static Path log(Scratch scratch) {
        return scratch.path().resolve("log");
    }

    private static URI url(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(it -> it.startsWith(LISTENS))
                .map(it -> URI.create(it.substring(LISTENS.length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    Canaries canaries() {
        return canaries;
    }

    TenantDesk tenant() {
        return tenant;
    }

    Path folder(String name) {
        return scratch.path().resolve(name);
    }

    /** A key that nobody but its agent may read again. */
    String agent(String owner) {
        return canaries.plantAsItIs(Kind.SECRET, tenant.key(owner, "agent"));
    }

    /** What an agent is answered. */
    Reply hear(Reply reply) {
        heard.add(reply.comparable());
        return reply;
    }

    /** What an admin is answered. */
    Reply show(Reply reply) {
        shown.add(reply.comparable());
        return reply;
    }

    /** Every {@code @@} becomes a word that only those who are in the exchange may read. */
    String filled(String template) {
        var text = new StringBuilder();
        for (int at = 0; at < template.length(); ) {
            if (template.startsWith("@@", at)) {
                text.append(canaries.plant(Kind.SENT));
                at += 2;
            } else {
                text.append(template.charAt(at++));
            }
        }
        return text.toString();
    }

    /** All that agents were answered. */
    List<String> answers() {
        return List.copyOf(heard);
    }

    /** All that admins were answered, and all their lists and pages now. */
    String views() {
        VIEWS.forEach(it -> show(tenant.admin(Ask.get("/admin/v1/" + it)).ok()));
        for (var list : List.of("servers", "models", "toolsets")) {
            tenant.admin(Ask.get("/admin/v1/" + list))
                    .ok()
                    .json()
                    .path("items")
                    .forEach(it -> {
                        var name = it.path("slug").asString(it.path("alias").asString(""));
                        show(tenant.admin(Ask.get("/admin/v1/" + list + "/" + name)));
                    });
        }
        for (var path : List.of("/admin/v1/posture", "/readyz", "/livez", "/", "/v1/me")) {
            show(tenant.admin(Ask.get(path)));
        }
        return String.join("\n", shown);
    }

    /** The tenant's log and the platform's, as auditors read them. */
    String records() {
        var records = new StringBuilder(tenant.audit("").toString());
        var system =
                Ask.get("/admin/v1/audit")
                        .bearer(platformKey)
                        .with("X-Sallyport-Tenant", "_system");
        return records.append(tenant.http().send(system).ok().body()).toString();
    }

    /** Ends it; what follows is what it left behind. */
    void stop() throws IOException, InterruptedException {
        process.stop();
    }

    String log() throws IOException {
        return Files.readString(log(scratch));
    }

    /** The leaves of all logs, as an export has them. */
    String exported() throws IOException {
        var leaves = new StringBuilder();
        try (var archive = AuditArchive.open(process.data(), Optional.empty())) {
            for (var log : archive.logs()) {
                try (var entries = archive.log(log).entries()) {
                    entries.map(LogEntry.Stored.class::cast)
                            .forEach(it -> leaves.append(new String(it.leaf(), UTF_8)));
                }
            }
        }
        return leaves.toString();
    }

    /** What is in any file of the data folder but the one that hands out the first keys. */
    Set<String> atRest(Kind... kinds) throws IOException {
        try (var files = Files.walk(process.data())) {
            return files.filter(Files::isRegularFile)
                    .filter(it -> !it.endsWith("credentials"))
                    .flatMap(it -> canaries.in(bytes(it), kinds).stream())
                    .collect(Collectors.toSet());
        }
    }

    private static String bytes(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() throws IOException {
        if (process.process().isAlive()) {
            process.process().destroyForcibly();
        }
        scratch.delete();
    }
}
