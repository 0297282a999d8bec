package io.sallyport.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operator's file of launch profiles, the folders that it names, and what is done with them.
 *
 * @param root where all of it is
 * @param secret what the operator gives to each program and to nobody else
 */
record LaunchWorld(Path root, String secret) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Writes the file: a {@link StdioServer} of each name, {@code mute}, which says nothing, and
     * {@code loud}, which says why it ends.
     */
    Path file(String... servers) throws IOException {
        var document = JSON.createObjectNode();
        var profiles = document.putObject("profiles");
        for (var server : servers) {
            profile(profiles, server, StdioServer.argv("a b;$(touch x)", secret));
        }
        profile(profiles, "mute", List.of("/bin/true"));
        profile(
                profiles,
                "loud",
                List.of("/bin/sh", "-c", "echo begins >&2; echo no backend >&2; exit 3"));
        return Files.writeString(root.resolve("profiles.json"), JSON.writeValueAsString(document));
    }

    /**
     * A gateway in development mode whose operator gave it the file with these servers.
     *
     * @param before what executes it, empty for nothing
     */
    GatewayProcess serve(List<String> before, String... servers) throws IOException {
        return GatewayProcess.serveAfter(
                before,
                root.resolve("data"),
                Map.of("SALLYPORT_PROFILES", file(servers).toString()),
                "--dev",
                "--port",
                "0");
    }

    /** Edits the profiles of the file that was written before. */
    void edit(Consumer<ObjectNode> change) throws IOException {
        var file = root.resolve("profiles.json");
        var document = (ObjectNode) JSON.readTree(Files.readString(file));
        change.accept((ObjectNode) document.path("profiles"));
        Files.writeString(file, JSON.writeValueAsString(document));
    }

    private void profile(ObjectNode profiles, String name, List<String> argv) throws IOException {
        var profile = profiles.putObject(name);
        argv.forEach(profile.putArray("argv")::add);
        profile.put("cwd", Files.createDirectories(folder(name)).toString());
        profile.putObject("env").put("TOKEN", secret);
    }

    Path folder(String name) {
        return root.resolve(name);
    }

    static Reply register(TenantDesk tenant, String slug, String profile) {
        return register(tenant, slug, profile, "");
    }

    private static Reply register(TenantDesk tenant, String slug, String profile, String more) {
        var body = "{\"slug\":\"%s\",\"profile\":\"%s\"%s}".formatted(slug, profile, more);
        return tenant.admin(Ask.post("/admin/v1/servers", body));
    }

    /** Registers a server and approves every tool of it as one that reads. */
    static void serve(TenantDesk tenant, String slug, String profile, String more) {
        var registered = register(tenant, slug, profile, more).ok();
        var approval =
                Ask.post(
                                "/admin/v1/servers/" + slug + "/approve",
                                "{\"all\":true,\"risk\":\"read\"}")
                        .with("if-match", registered.header("etag"));
        tenant.admin(approval).ok();
    }

    /** What the server behind {@code notes} says of how it was started. */
    static JsonNode world(McpSession session) {
        var result = session.result("notes__world", "{}");
        return Reply.parse(result.path("content").path(0).path("text").asString());
    }
}
