package io.sallyport.admin;

import io.sallyport.catalog.ShortText;
import io.sallyport.error.Reason;
import io.sallyport.policy.VisibleText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One server in a file of another client. Such files are passed around, so no more is taken of an
 * entry than its name, its description and where it is, unless the admin asks for more.
 *
 * @param name as the file calls it
 * @param tree the members of the entry
 * @param beside the names of the members that are none of these
 */
record ImportedServer(String name, JsonNode tree, List<String> beside) {
    private static final List<String> URLS = List.of("url", "serverUrl", "httpUrl");
    private static final Set<String> REMOTES = Set.of("streamable-http", "http");
    private static final int MAX_SLUG = 32;
    private static final int MAX_SHOWN = 200;

    /** Names of members that are shown. */
    private static final int MAX_IGNORED = 50;

    /**
     * What else an admin asks for.
     *
     * @param header whether a header of an entry becomes its credential
     * @param profile whether an entry without a URL may name the launch profile that is started
     */
    record Asked(boolean header, boolean profile) {}

    /**
     * The servers of Claude's and Cursor's {@code mcpServers}, of VS Code's {@code servers}, or the
     * one of a registry's {@code server.json}.
     */
    static List<ImportedServer> in(JsonNode file) {
        for (var path : List.of("/mcpServers", "/servers", "/mcp/servers")) {
            if (file.at(path) instanceof ObjectNode servers) {
                return servers.properties().stream()
                        .map(it -> named(it.getKey(), it.getValue()))
                        .toList();
            }
        }
        var listed = file.path("server").isObject() ? file.path("server") : file;
        if (listed.has("remotes") || listed.has("packages")) {
            return List.of(listed(listed));
        }
        throw Refusal.invalid("mcpServers, servers or a server.json is expected.");
    }

    private static ImportedServer named(String name, JsonNode tree) {
        var taken = new HashSet<>(Set.of("description"));
        url(tree).ifPresent(taken::add);
        return new ImportedServer(name, tree, names(tree, taken));
    }

    private static Optional<String> url(JsonNode tree) {
        return URLS.stream().filter(tree::has).findFirst();
    }

    /** Its first remote that speaks Streamable HTTP; packages are programs. */
    private static ImportedServer listed(JsonNode tree) {
        var name = tree.path("name").asString("");
        var remote =
                tree.path("remotes")
                        .valueStream()
                        .filter(it -> REMOTES.contains(it.path("type").asString("")))
                        .findFirst();
        var beside = new ArrayList<>(names(tree, Set.of("name", "description", "remotes")));
        var entry = AdminAnswer.JSON.objectNode();
        if (tree.has("description")) {
            entry.set("description", tree.path("description"));
        }
        remote.ifPresent(it -> {
            entry.set("url", it.path("url"));
            names(it, Set.of("url")).forEach(member -> beside.add("remotes/" + member));
        });
        if (remote.isEmpty()) {
            entry.put("command", "");
        }
        return new ImportedServer(name.substring(name.lastIndexOf('/') + 1), entry, beside);
    }

    private static List<String> names(JsonNode tree, Set<String> taken) {
        return tree.propertyNames().stream()
                .filter(it -> !taken.contains(it))
                .limit(MAX_IGNORED)
                .map(ImportedServer::shown)
                .toList();
    }

    static String shown(String text) {
        return ShortText.cut(VisibleText.of(text), MAX_SHOWN);
    }

    /** The name as a slug; empty if nothing of it is left. */
    String slug() {
        var words = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        var cut = words.substring(0, Math.min(words.length(), MAX_SLUG));
        return cut.replaceAll("^-|-$", "");
    }

    Optional<String> description() {
        return Optional.of(tree.path("description").asString("")).filter(it -> !it.isEmpty());
    }

    /** What registers it. */
    ObjectNode registration(Asked asked) {
        if (!tree.isObject()) {
            throw Refusal.invalid("The entry must be an object.");
        }
        var registration = AdminAnswer.JSON.objectNode().put("slug", slug());
        var url = url(tree);
        if (url.isPresent()) {
            registration.set("url", tree.path(url.get()));
        } else if (startsProgram(asked)) {
            registration.set("profile", tree.path("profile"));
        } else {
            throw nowhere();
        }
        header(asked).ifPresent(it -> registration.set("credential", secret(it)));
        return registration;
    }

    private boolean startsProgram(Asked asked) {
        return asked.profile() && url(tree).isEmpty() && tree.has("profile");
    }

    private Refusal nowhere() {
        if (tree.has("profile")) {
            return new Refusal(
                    422,
                    Reason.STDIO_DISABLED,
                    "A file starts a program only if profiles=named in the query lets it.");
        }
        return tree.has("command") ? needsProfile() : Refusal.invalid("The entry has no URL.");
    }

    private static Refusal needsProfile() {
        return new Refusal(
                422,
                Reason.STDIO_DISABLED,
                "A program is started by the name of a launch profile of the operator's file, and"
                        + " by nothing else.");
    }

    /** The names of what is not taken. */
    List<String> ignored(Asked asked) {
        var left = new ArrayList<>(beside);
        if (startsProgram(asked)) {
            left.remove("profile");
        }
        var header = header(asked);
        if (header.isPresent()) {
            left.remove("headers");
            names(tree.path("headers"), Set.of(header.get()))
                    .forEach(it -> left.add("headers/" + it));
        }
        return left;
    }

    /** Of several headers the one called Authorization; a program is shown none. */
    private Optional<String> header(Asked asked) {
        if (!asked.header() || url(tree).isEmpty()) {
            return Optional.empty();
        }
        var names = tree.path("headers").propertyNames();
        return names.stream()
                .filter(it -> it.equalsIgnoreCase("authorization"))
                .findFirst()
                .or(() -> names.stream().findFirst());
    }

    private ObjectNode secret(String name) {
        var value = tree.path("headers").path(name).asString("");
        if (value.contains("${") || value.contains("{{")) {
            throw Refusal.invalid("A header holds a placeholder in place of a secret.");
        }
        return secret(name, value);
    }

    private static ObjectNode secret(String name, String value) {
        var credential = AdminAnswer.JSON.objectNode();
        return name.equalsIgnoreCase("authorization") && value.startsWith("Bearer ")
                ? credential
                        .put("type", "bearer")
                        .put("secret", value.substring("Bearer ".length()).strip())
                : credential.put("type", "header").put("name", name).put("secret", value);
    }
}
