package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which input schemas are not compiled, and why. */
class SchemaRejectionTest {
    @Test
    @DisplayName("SB-01 a reference that leaves the schema is refused and nobody is called")
    void refusesExternalReferences() throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(200);
            var url = "http://127.0.0.1:" + listener.getLocalPort() + "/x";
            for (var ref :
                    List.of(
                            url,
                            "classpath:/draft/2020-12/schema",
                            "file:///etc/passwd",
                            "https://json-schema.org/draft/2020-12/schema",
                            "other.json",
                            "",
                            "urn:uuid:deadbeef")) {
                var rejection =
                        rejection(
                                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\""
                                        + ref
                                        + "\"}}}");
                assertThat(rejection.rule()).as(ref).isEqualTo("external_ref");
                assertThat(rejection.pointer()).isEqualTo("/properties/a/$ref");
            }
            assertThat(catchThrowableOfType(IOException.class, listener::accept)).isNotNull();
        }
    }

    @Test
    @DisplayName("SB-01 an $id does not give references another base")
    void refusesReferencesBelowAnId() {
        assertThat(
                        rejection(
                                        """
                                        {"type":"object","properties":{"a":{"$id":"http://127.0.0.1/x",
                                          "properties":{"b":{"$ref":"#/$defs/c"}}}},"$defs":{"c":{}}}\
                                        """)
                                .rule())
                .isEqualTo("external_ref");
    }

    @ParameterizedTest
    @DisplayName("SB-03 references that lead nowhere but back are refused")
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"$ref\":\"#\"}",
                "{\"type\":\"object\",\"allOf\":[{\"$ref\":\"#\"}]}",
                "{\"type\":\"object\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}",
                "{\"type\":\"object\",\"anyOf\":[{\"type\":\"object\"},{\"not\":{\"$ref\":\"#\"}}]}",
                "{\"type\":\"object\",\"if\":{\"$dynamicRef\":\"#me\"},\"$dynamicAnchor\":\"me\"}",
                "{\"type\":\"object\",\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}}}",
                "{\"type\":\"object\",\"$defs\":{\"unused\":{\"$ref\":\"#/$defs/unused\"}}}",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"dependencies\":{\"a\":{\"$ref\":\"#\"}}}"
            })
    void refusesCyclesThatConsumeNothing(String schema) {
        assertThat(rejection(schema).rule()).isEqualTo("ref_cycle");
    }

    @Test
    @DisplayName("SB-07 schemas over a budget are refused")
    void refusesLargeSchemas() {
        assertThat(rejection(withEnumOf(1_001)).rule()).isEqualTo("schema_too_large");
        assertThat(rejection(withEnumOf(200_000)).rule()).isEqualTo("schema_too_large");
        assertThat(rejection(withProperties(5_000)).rule()).isEqualTo("schema_too_large");
        assertThat(rejection(nested(33)).rule()).isEqualTo("schema_too_large");
        assertThat(rejection(doubling(12)).rule()).isEqualTo("schema_too_large");
        assertThat(rejection(chain(40)).rule()).isEqualTo("schema_too_large");
        assertThat(
                        rejection(
                                        "{\"type\":\"object\",\"description\":\""
                                                + "x".repeat(262_144)
                                                + "\"}")
                                .rule())
                .isEqualTo("schema_too_large");
    }

    /** A few kilobytes of text compile to megabytes, and each tool would keep its own. */
    @ParameterizedTest
    @DisplayName("SB-07 patterns are counted together, wherever they stand")
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"allOf\":[%s]}}}",
                "{\"type\":\"object\",\"$defs\":{\"unused\":{\"anyOf\":[%s]}}}",
                "{\"type\":\"object\",\"not\":{\"oneOf\":[%s]}}"
            })
    void refusesManyLargePatterns(String schema) throws RejectedSchema {
        ArgumentValidator.compile(Corpus.json(schema.formatted(patterns("pattern", 20))), false);

        for (var keyword : List.of("pattern", "patternProperties")) {
            assertThat(rejection(schema.formatted(patterns(keyword, 30))).rule())
                    .isEqualTo("schema_too_large");
        }
    }

    /** The library compiles what a reference leads to for each spelling anew. */
    @Test
    @DisplayName("SB-07 what references lead to is counted for each spelling of one")
    void refusesManySpellingsOfOnePlace() throws RejectedSchema {
        ArgumentValidator.compile(Corpus.json(spelled(i -> "#/$defs/pattern")), false);

        for (var spelling :
                List.<IntFunction<String>>of(
                        i -> "#/$defs/" + escaped("pattern", i),
                        i -> "#" + "/properties/a".repeat(i))) {
            assertThat(rejection(spelled(spelling)).rule()).isEqualTo("schema_too_large");
        }
    }

    /** Objects inside each other; the innermost has patterns and references. */
    private static String spelled(IntFunction<String> reference) {
        var references =
                IntStream.range(0, 26)
                        .mapToObj(
                                it -> "\"r" + it + "\":{\"$ref\":\"" + reference.apply(it) + "\"}")
                        .collect(Collectors.joining(","));
        var open = "{\"type\":\"object\",\"properties\":{\"a\":";
        var definitions = "\"$defs\":{\"pattern\":{\"allOf\":[" + patterns("pattern", 3) + "]}}";
        var inner =
                "{\"properties\":{\"p\":{\"allOf\":["
                        + patterns("pattern", 3)
                        + "]},"
                        + references
                        + "}}";
        return "{\"type\":\"object\","
                + definitions
                + ",\"properties\":{\"a\":"
                + open.repeat(25)
                + inner
                + "}}".repeat(26);
    }

    /** The same name in a URI, those of its characters escaped whose bits are set. */
    private static String escaped(String name, int which) {
        return IntStream.range(0, name.length())
                .mapToObj(it ->
                        (which >> it & 1) == 0
                                ? name.substring(it, it + 1)
                                : "%" + Integer.toHexString(name.charAt(it)))
                .collect(Collectors.joining());
    }

    /** Each is within the budget of one. */
    private static String patterns(String keyword, int count) {
        var value =
                keyword.equals("pattern")
                        ? "\"^(%dx[a-z]{1,100}){9}$\""
                        : "{\"^(%dx[a-z]{1,100}){9}$\":true}";
        return IntStream.range(0, count)
                .mapToObj(it -> "{\"" + keyword + "\":" + value.formatted(it) + "}")
                .collect(Collectors.joining(","));
    }

    @Test
    @DisplayName("SB-07 schemas within the budgets are served")
    void acceptsSchemasWithinBudget() throws RejectedSchema {
        for (var schema :
                List.of(withEnumOf(1_000), withProperties(1_900), nested(30), doubling(8))) {
            ArgumentValidator.compile(Corpus.json(schema), false);
        }
    }

    @ParameterizedTest
    @DisplayName("SB-10 what the meta-schema refuses is refused")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"object\",\"required\":\"a\"}                                |"
                        + " /required",
                "{\"type\":\"strnig\"}                                                   | /type",
                // an empty list is the empty map (B6): PHP servers list tools without arguments so
                "{\"type\":\"object\",\"properties\":[7]}                                |"
                        + " /properties",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"minLength\":\"x\"}}}      |"
                        + " /properties/a/minLength",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":\"[\"}}}        |"
                        + " /properties/a/pattern",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":5}}}            |"
                        + " /properties/a/pattern",
                "{\"type\":\"object\",\"properties\":{\"a\":7}}                          |"
                        + " /properties/a",
                "{\"type\":\"object\",\"$ref\":\"#/nowhere\"}                            | /$ref",
                "{\"type\":\"object\",\"$ref\":\"#%zz\"}                                 | /$ref",
                "{\"type\":\"string\"}                                                   | /type",
                "{\"type\":[\"object\"]}                                                 | /type",
                "{}                                                                      | /type",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"items\":3}"
                        + " | /items",
                "true                                                                    | ``",
                "null                                                                    | ``",
                "[]                                                                      | ``"
            })
    void refusesInvalidSchemas(String schema, String pointer) {
        var rejection = rejection(schema);
        assertThat(rejection.rule()).isEqualTo("invalid_schema");
        assertThat(rejection.pointer()).isEqualTo(pointer);
    }

    @ParameterizedTest
    @DisplayName("SB-13 dialects and vocabularies that are not understood are refused")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"$schema\":\"urn:nope\",\"type\":\"object\"}                                    "
                        + "      | /$schema",
                "{\"$schema\":\"http://json-schema.org/draft-03/schema#\",\"type\":\"object\"}     "
                        + "      | /$schema",
                "{\"$schema\":\"http://127.0.0.1:1/meta\",\"type\":\"object\"}                     "
                        + "      | /$schema",
                "{\"$schema\":\"http://json-schema.org/draft/2020-12/schema##\",\"type\":\"object\"}"
                        + " | /$schema",
                "{\"$schema\":\"ftp://json-schema.org/draft-07/schema\",\"type\":\"object\"}"
                        + " | /$schema",
                "{\"$schema\":[],\"type\":\"object\"} | /$schema",
                "{\"$schema\":7,\"type\":\"object\"}                                               "
                        + "      | /$schema",
                "{\"type\":\"object\",\"$vocabulary\":{\"urn:mine\":true}}                         "
                        + "      | /$vocabulary",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$schema\":\"urn:nope\"}}}           "
                        + "      | /properties/a/$schema",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}}}"
                        + " | /properties/a/$schema"
            })
    void refusesUnknownDialects(String schema, String pointer) {
        var rejection = rejection(schema);
        assertThat(rejection.rule()).isEqualTo("unsupported_dialect");
        assertThat(rejection.pointer()).isEqualTo(pointer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)b",
                "(?<!a)b",
                "(a)\\\\1",
                "(?<n>a)\\\\k<n>",
                "a(?i)b",
                "[^]",
                "[]a]",
                "a{1001}",
                "a{,3}",
                "((a{100}){100}){100}",
                "(((((a{9}){9}){9}){9}){9})",
                "\\\\Qa\\\\E",
                "(?x)a b",
                "(?i)\u1c80",
                "(?i)\\\\u1c88",
                "(?i)^[B-\uffee]+$",
                "a(?i:b|[\u1c00-\u1cff])"
            })
    void refusesPatternsThatCannotRunInLinearTimeWithTheirMeaning(String pattern) {
        var schema =
                "{\"type\":\"object\",\"not\":{\"properties\":{\"a\":{\"pattern\":\""
                        + pattern
                        + "\"}}}}";
        assertThat(rejection(schema).rule()).isIn("unjudgeable_keyword", "invalid_schema");
        assertThat(
                        rejection(
                                        "{\"type\":\"object\",\"patternProperties\":{\""
                                                + pattern
                                                + "\":true}}")
                                .rule())
                .isIn("unjudgeable_keyword", "invalid_schema");
    }

    @Test
    void namesThePatternThatIsUnsupported() {
        var rejection =
                rejection(
                        "{\"type\":\"object\",\"properties\":{\"a/b\":{\"not\":{\"pattern\":\"(?=a)b\"}}}}");
        assertThat(rejection.rule()).isEqualTo("unjudgeable_keyword");
        assertThat(rejection.pointer()).isEqualTo("/properties/a~1b/not/pattern");
    }

    private static String withEnumOf(int values) {
        return IntStream.range(0, values)
                .mapToObj(i -> "\"value" + i + "\"")
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"type\":\"object\",\"properties\":{\"e\":{\"enum\":[",
                                "]}}}"));
    }

    private static String withProperties(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"p" + i + "\":{}")
                .collect(Collectors.joining(",", "{\"type\":\"object\",\"properties\":{", "}}"));
    }

    private static String nested(int levels) {
        return "{\"type\":\"object\",\"allOf\":["
                + "{\"not\":".repeat(levels)
                + "{}"
                + "}".repeat(levels)
                + "]}";
    }

    /** Each definition uses the next one twice: 2^n schemas when expanded. */
    private static String doubling(int levels) {
        return IntStream.range(0, levels)
                .mapToObj(i ->
                        "\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]}"
                                .formatted(i, i + 1, i + 1))
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"type\":\"object\",\"$ref\":\"#/$defs/d0\",\"$defs\":{\"d"
                                        + levels
                                        + "\":{},",
                                "}}"));
    }

    private static String chain(int links) {
        return IntStream.range(0, links)
                .mapToObj(i -> "\"d%d\":{\"$ref\":\"#/$defs/d%d\"}".formatted(i, i + 1))
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"type\":\"object\",\"$ref\":\"#/$defs/d0\",\"$defs\":{\"d"
                                        + links
                                        + "\":{},",
                                "}}"));
    }

    private static RejectedSchema rejection(String schema) {
        var tree = Corpus.json(schema);
        return catchThrowableOfType(
                RejectedSchema.class, () -> ArgumentValidator.compile(tree, false));
    }
}
