package io.sallyport.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.policy.ServerSlug;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Test data from src/test/resources/corpus. */
public final class Corpus {
    private static final List<String> SERVERS =
            List.of(
                    "antv-chart",
                    "azure-devops",
                    "brave-search",
                    "chrome-devtools",
                    "circleci",
                    "cloudinary",
                    "elasticsearch",
                    "filesystem",
                    "git-cyanheads",
                    "github-legacy",
                    "gitlab-zereight",
                    "google-calendar",
                    "kubernetes",
                    "launchdarkly",
                    "memory",
                    "n8n",
                    "xero");

    private Corpus() {}

    /** Every published tool, by the slug of its server. */
    public static Map<ServerSlug, List<JsonNode>> tools() {
        var tools = new LinkedHashMap<ServerSlug, List<JsonNode>>();
        for (var server : SERVERS) {
            var listed = new ArrayList<JsonNode>();
            json(text("descriptors/" + server + ".json")).path("tools").forEach(listed::add);
            tools.put(new ServerSlug(server), listed);
        }
        return tools;
    }

    public static ServerIdentity identity(String slug) {
        return new ServerIdentity(
                new ServerSlug(slug), new Transport.StreamableHttp("https://tools.test/mcp"), "");
    }

    /** By Jackson's own reader: some cases are deeper than the strict one allows. */
    public static List<JsonNode> lines(String file) {
        return text(file).lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    public static JsonNode json(String text) {
        try {
            return StrictJson.read(text);
        } catch (MalformedJson e) {
            throw new AssertionError(e);
        }
    }

    public static String text(String file) {
        try (var stream = Corpus.class.getResourceAsStream("/corpus/" + file)) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
