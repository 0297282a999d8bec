package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.json.Sha256;
import io.sallyport.policy.ServerSlug;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ToolDescriptorTest {
    @Test
    void theDigestOfEveryPublishedToolSurvivesShufflesAndWhiteSpace() {
        var random = new Random(1);
        Corpus.tools()
                .forEach((slug, tools) -> {
                    var identity = Corpus.identity(slug.value());
                    for (var tool : tools) {
                        var spaced = Corpus.json(shuffled(tool, random).toPrettyString());
                        assertThat(digest(identity, spaced)).isEqualTo(digest(identity, tool));
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"a\",\"x\":1.0}             | {\"name\":\"a\",\"x\":1.00}",
                "{\"name\":\"a\",\"x\":1}               | {\"name\":\"a\",\"x\":1.0}",
                "{\"name\":\"a\",\"x\":100}             | {\"name\":\"a\",\"x\":1e2}",
                "{\"name\":\"a\",\"x\":0}               | {\"name\":\"a\",\"x\":-0}",
                "{\"name\":\"a\"}                       | {\"name\":\"a\",\"title\":\"\"}",
                "{\"name\":\"a\",\"x\":null}            | {\"name\":\"a\"}",
                "{\"name\":\"a\",\"x\":[1,2]}           | {\"name\":\"a\",\"x\":[2,1]}",
                "{\"name\":\"a\",\"description\":\"x\"} | {\"name\":\"a\",\"description\":\"x \"}",
                "{\"name\":\"a\",\"x\":\"é\"}           | {\"name\":\"a\",\"x\":\"e\\u0301\"}",
                "{\"name\":\"a\",\"_meta\":{\"k\":1}}   | {\"name\":\"a\",\"_meta\":{\"k\":2}}"
            })
    void anythingElseChangesTheDigest(String one, String other) {
        var identity = Corpus.identity("s");
        assertThat(digest(identity, Corpus.json(one)))
                .isNotEqualTo(digest(identity, Corpus.json(other)));
    }

    @Test
    void theServersIdentityIsPartOfTheDigest() {
        var slug = new ServerSlug("s");
        var identities =
                List.of(
                        new ServerIdentity(
                                slug, new Transport.StreamableHttp("https://a.test"), ""),
                        new ServerIdentity(
                                new ServerSlug("t"),
                                new Transport.StreamableHttp("https://a.test"),
                                ""),
                        new ServerIdentity(
                                slug, new Transport.StreamableHttp("https://b.test"), ""),
                        new ServerIdentity(
                                slug, new Transport.StreamableHttp("https://a.test"), "cred-1"),
                        new ServerIdentity(slug, new Transport.Stdio("a"), ""),
                        new ServerIdentity(slug, new Transport.Stdio("b"), ""),
                        new ServerIdentity(slug, new Transport.Stdio("b"), "", "sha256:1"),
                        new ServerIdentity(slug, new Transport.Stdio("b"), "", "sha256:2"));
        var tool = Corpus.json("{\"name\":\"echo\"}");
        assertThat(identities.stream().map(identity -> digest(identity, tool)))
                .doesNotHaveDuplicates()
                .allMatch(digest -> digest.matches("sha256:[0-9a-f]{64}"));
    }

    /** Pins live in databases: the digest of a descriptor must never change between releases. */
    @Test
    void theDigestIsTheSameInEveryRelease() {
        var tool =
                Corpus.json(
                        "{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\",\"maximum\":1.10}}");
        var pinned =
                """
                {"descriptor":{"inputSchema":{"maximum":1.10,"type":"object"},"name":"echo"},\
                "server":{"credential":"","slug":"s","url":"https://tools.test/mcp"}}\
                """;
        assertThat(digest(Corpus.identity("s"), tool))
                .isEqualTo(Sha256.of(pinned.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static String digest(ServerIdentity identity, JsonNode tree) {
        return ToolDescriptor.of(identity, ToolNaming.STANDARD, tree).digest();
    }

    private static JsonNode shuffled(JsonNode node, Random random) {
        if (node instanceof ObjectNode object) {
            var names = new ArrayList<>(object.propertyNames());
            Collections.shuffle(names, random);
            var shuffled = JsonNodeFactory.instance.objectNode();
            names.forEach(name -> shuffled.set(name, shuffled(object.get(name), random)));
            return shuffled;
        }
        if (node instanceof ArrayNode array) {
            var items = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> items.add(shuffled(item, random)));
            return items;
        }
        return node;
    }
}
