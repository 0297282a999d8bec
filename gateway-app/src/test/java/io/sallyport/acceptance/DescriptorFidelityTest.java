package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The tools of seventeen published servers, as they list them and as our clients see them. */
@ExtendWith(GatewayExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class DescriptorFidelityTest {
    private static final int PUBLISHED = 566;

    private final TenantDesk tenant;
    private final List<ScriptedUpstream> upstreams = new ArrayList<>();

    /** Every descriptor that may be served, by server and name, in full. */
    private final Map<String, Map<String, String>> expected = new LinkedHashMap<>();

    /** The names on {@code /mcp} of what may be served. */
    private final Map<String, String> aliases = new TreeMap<>();

    private final List<String> rejected = new ArrayList<>();
    private String key = "";

    DescriptorFidelityTest(RunningGateway gateway) {
        tenant = gateway.newTenant("corpus");
    }

    @BeforeAll
    void serveTheCorpus() throws IOException, URISyntaxException {
        for (var file : corpus()) {
            serve(file.getFileName().toString().replace(".json", ""), Files.readString(file));
        }
        tenant.allow(expected.keySet().stream().map(it -> it + "/*").toArray(String[]::new));
        key = tenant.agent();
    }

    private static List<Path> corpus() throws IOException, URISyntaxException {
        var folder = DescriptorFidelityTest.class.getResource("/corpus/descriptors");
        try (var files = Files.list(Path.of(Objects.requireNonNull(folder).toURI()))) {
            return files.sorted().toList();
        }
    }

    private void serve(String slug, String list) {
        var upstream = ScriptedUpstream.listing().listsAs(list);
        upstreams.add(upstream);
        var etag = tenant.register(slug, upstream.endpoint()).ok().header("etag");
        var everything = "{\"all\":true,\"risk\":\"read\",\"override_findings\":true}";
        var approve = Ask.post("/admin/v1/servers/" + slug + "/approve", everything);
        var server = tenant.admin(approve.with("If-Match", etag)).ok().json();
        expect(slug, byName(Reply.parse(list).path("tools").valueStream().toList()), server);
    }

    private void expect(String slug, Map<String, String> listed, JsonNode server) {
        for (var tool : server.path("tools")) {
            var name = tool.path("name").asString();
            if (tool.path("status").asString().equals("rejected")) {
                rejected.add(slug + "/" + name);
                listed.remove(name);
            } else {
                assertThat(tool.path("status").asString()).isEqualTo("approved");
                aliases.put(tool.path("alias").asString(), slug + "/" + name);
            }
        }
        expected.put(slug, listed);
    }

    @AfterAll
    void stop() {
        upstreams.forEach(ScriptedUpstream::close);
    }

    @Test
    void onlyWhatIsRejectedIsMissing() {
        assertThat(expected).hasSize(17);
        assertThat(rejected).isEmpty();
        assertThat(served() + rejected.size()).isEqualTo(PUBLISHED);
        assertThat(aliases).hasSize(served());
    }

    private int served() {
        return expected.values().stream().mapToInt(Map::size).sum();
    }

    @Test
    void aSessionOfOneServerSeesItsDescriptorsUnchanged() {
        expected.forEach((slug, descriptors) -> {
            var seen = listed(legacy("/mcp/servers/" + slug));
            assertThat(byName(seen)).as(slug).isEqualTo(descriptors);
        });
    }

    @Test
    void aClientOf2026SeesTheDescriptorsOfOneServerUnchanged() {
        expected.forEach((slug, descriptors) -> {
            var seen = listed(modern("/mcp/servers/" + slug));
            assertThat(byName(seen)).as(slug).isEqualTo(descriptors);
        });
    }

    @Test
    void aSessionOfAllServersSeesOtherNamesAndNothingElse() {
        assertThat(byOrigin(listed(legacy("/mcp")))).isEqualTo(expected);
    }

    @Test
    void aClientOf2026SeesOtherNamesOnAllServersAndNothingElse() {
        assertThat(byOrigin(listed(modern("/mcp")))).isEqualTo(expected);
    }

    /** What is asked for a page is the page's result; the text is a cursor member or nothing. */
    private UnaryOperator<JsonNode> legacy(String path) {
        var session = McpSession.open(tenant.http(), path, key);
        return cursor ->
                session.post(
                                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":"
                                        + cursor
                                        + "}")
                        .ok()
                        .json()
                        .path("result");
    }

    private UnaryOperator<JsonNode> modern(String path) {
        var client = new ModernClient(tenant.http(), path, key);
        return cursor ->
                client.result(
                        "tools/list",
                        cursor.isEmpty() ? "" : "\"cursor\":" + cursor.path("cursor") + ",");
    }

    private static List<JsonNode> listed(UnaryOperator<JsonNode> lane) {
        var all = new ArrayList<JsonNode>();
        var params = Reply.parse("{}");
        while (true) {
            var page = lane.apply(params);
            page.path("tools").forEach(all::add);
            if (!page.has("nextCursor")) {
                return all;
            }
            params = Reply.parse("{\"cursor\":" + page.path("nextCursor") + "}");
        }
    }

    private static Map<String, String> byName(List<JsonNode> descriptors) {
        var named = new TreeMap<String, String>();
        for (var it : descriptors) {
            var before = named.put(it.path("name").asString(), ExactText.of(it));
            assertThat(before).as("listed once").isNull();
        }
        return named;
    }

    /** With their own names again, by server. */
    private Map<String, Map<String, String>> byOrigin(List<JsonNode> descriptors) {
        assertThat(descriptors).hasSize(served());
        var servers = new LinkedHashMap<String, Map<String, String>>();
        for (var it : descriptors) {
            var origin = aliases.getOrDefault(it.path("name").asString(), "?/?").split("/", 2);
            var own = ExactText.of(it, tree -> tree.put("name", origin[1]));
            servers.computeIfAbsent(origin[0], _ -> new TreeMap<>()).put(origin[1], own);
        }
        return servers;
    }
}
