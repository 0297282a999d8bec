package io.sallyport.cli;

import io.sallyport.identity.ApiKey;
import io.sallyport.identity.Caller;
import io.sallyport.identity.KeyKind;
import io.sallyport.identity.KeyText;
import io.sallyport.policy.TenantId;
import io.sallyport.store.GatewayFolder;
import io.sallyport.store.StartFailure;
import io.sallyport.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The two keys of dev mode, kept in a file that a shell can source.
 *
 * @param fresh whether they were made just now
 */
public record DevKeys(String admin, String agent, boolean fresh) {
    static final String FILE = "credentials";
    private static final TenantId TENANT = new TenantId("default");

    /** Whether dev mode made the folder: it holds keys that no production may accept. */
    static boolean isMadeByDev(GatewayFolder folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** Finds the keys of an earlier start, or makes tenant and keys. */
    static DevKeys ensure(GatewayFolder folder, Store store) {
        var file = folder.resolve(FILE);
        return Files.exists(file) ? read(file) : create(store);
    }

    private static DevKeys read(Path file) {
        try {
            Map<String, String> exports =
                    Files.readAllLines(file).stream()
                            .filter(it -> it.startsWith("export ") && it.contains("="))
                            .map(it -> it.substring("export ".length()).split("=", 2))
                            .collect(Collectors.toMap(it -> it[0], it -> it[1]));
            return new DevKeys(
                    exports.getOrDefault("SALLYPORT_ADMIN_KEY", ""),
                    exports.getOrDefault("SALLYPORT_AGENT_KEY", ""),
                    false);
        } catch (IOException e) {
            throw new StartFailure("the credentials in the data folder cannot be read", e);
        }
    }

    private static DevKeys create(Store store) {
        var random = new SecureRandom();
        var admin = KeyText.mint(random);
        var agent = KeyText.mint(random);
        var adminKey = adminKey(admin, store, TENANT, "user:dev-admin");
        var by = new Caller(adminKey, "start");
        store.settings().create(TENANT, by);
        store.settings().addKey(adminKey, by);
        store.settings()
                .addKey(key(agent, store, "user:dev-agent", KeyKind.AGENT, Set.of("agent")), by);
        return new DevKeys(admin.reveal(), agent.reveal(), true);
    }

    /** A key that may do everything on the platform. */
    static ApiKey adminKey(KeyText text, Store store, TenantId tenant, String owner) {
        return new ApiKey(
                text.id(),
                tenant,
                text.mac(store.pepper()),
                owner,
                KeyKind.ADMIN,
                Set.of(),
                Set.of("platform-admin", "tenant-admin"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                ApiKey.About.NONE);
    }

    private static ApiKey key(
            KeyText text, Store store, String owner, KeyKind kind, Set<String> roles) {
        return new ApiKey(
                text.id(),
                TENANT,
                text.mac(store.pepper()),
                owner,
                kind,
                Set.of(),
                roles,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                ApiKey.About.NONE);
    }

    /** Writes the file, for the owner only; the address may be another than the last time. */
    void write(GatewayFolder folder, URI url) {
        var text =
                """
                export SALLYPORT_URL=%s
                export SALLYPORT_ADMIN_KEY=%s
                export SALLYPORT_AGENT_KEY=%s
                export OPENAI_BASE_URL=$SALLYPORT_URL/v1
                export OPENAI_API_KEY=$SALLYPORT_AGENT_KEY
                """
                        .formatted(url, admin, agent);
        folder.writeSecret(FILE, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Keys never show in a log. */
    @Override
    public String toString() {
        return "DevKeys";
    }
}
