package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.Violation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ArgumentValidatorTest {
    private static final String ECHO =
            """
            {"type":"object","properties":{"text":{"type":"string","maxLength":5}},"required":["text"]}\
            """;

    @Test
    void acceptsWhatTheSchemaDescribes() throws RejectedSchema {
        assertThat(validate(ECHO, "{\"text\":\"hi\"}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\":1}        | /text | must be of type \"string\"",
                "{\"text\":\"long one\"} | /text | does not satisfy maxLength 5",
                "{}                  | ``    | lacks the member \"text\"",
                "[]                  | ``    | must be of type \"object\"",
                "\"text\"            | ``    | must be of type \"object\"",
                "null                | ``    | must be of type \"object\""
            })
    void pointsAtWhatIsWrong(String arguments, String pointer, String message)
            throws RejectedSchema {
        assertThat(validate(ECHO, arguments)).containsExactly(new Violation(pointer, message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\"}",
                "{\"enum\":[\"a\",\"b\"]}",
                "{\"const\":\"a\"}",
                "{\"pattern\":\"^[0-9]{1,3}$\"}",
                "{\"maxLength\":2}",
                "{\"minimum\":10000000}",
                "{\"multipleOf\":7}",
                "{\"not\":{}}",
                "false",
                "{\"oneOf\":[{\"type\":\"null\"},{\"type\":\"array\"}]}",
                "{\"anyOf\":[{\"const\":1},{\"enum\":[2]}]}",
                "{\"propertyNames\":{\"maxLength\":3}}",
                "{\"additionalProperties\":false}",
                "{\"format\":\"uuid\",\"maxLength\":1}",
                "{\"dependentRequired\":{\"hunter2\":[\"other\"]}}",
                "{\"uniqueItems\":true}",
                "{\"contains\":{\"const\":1}}"
            })
    void neverRepeatsTheArgument(String property) throws RejectedSchema {
        var schema = "{\"type\":\"object\",\"properties\":{\"p\":" + property + "}}";
        for (var value : List.of("\"hunter2\"", "1234567", "[\"hunter2\",\"hunter2\"]")) {
            assertThat(validate(schema, "{\"p\":" + value + "}"))
                    .allSatisfy(violation ->
                            assertThat(violation.message())
                                    .doesNotContain("hunter2")
                                    .doesNotContain("1234567"));
        }
    }

    @Test
    @DisplayName("SB-03 recursion along the value keeps working")
    void acceptsLegitimateRecursion() throws RejectedSchema {
        var tree =
                "{\"type\":\"object\",\"properties\":{\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}}}";
        assertThat(validate(tree, "{\"children\":[{\"children\":[]},{\"children\":[{}]}]}"))
                .isEmpty();
        assertThat(validate(tree, "{\"children\":[{\"children\":[{\"children\":1}]}]}"))
                .extracting(Violation::pointer)
                .containsExactly("/children/0/children/0/children");
    }

    /** RFC 6901, section 6: the fragment is decoded first, and then the escapes of the pointer. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a~1b", "a%7E1b", "a%7e1b", "a%2Fb", "c~0d", "c%7E0d", "%7E0%7E1", "%257E"})
    void followsAReferenceHoweverItsTildesAreSpelled(String name) throws RejectedSchema {
        var schema =
                """
                {"type":"object","properties":{"p":{"$ref":"#/$defs/%s"}},
                 "$defs":{"a/b":{"type":"string"},"c~d":{"type":"string"},"~/":{"type":"string"},
                  "%%7E":{"type":"string"},"a":{"b":{"type":"string"}}}}\
                """
                        .formatted(name);

        assertThat(validate(schema, "{\"p\":\"text\"}")).isEmpty();
        assertThat(validate(schema, "{\"p\":7}")).extracting(Violation::pointer).contains("/p");
    }

    @Test
    @DisplayName("SB-06 a pattern that kills backtracking engines stays cheap")
    void runsPatternsInLinearTime() throws RejectedSchema {
        var schema = "{\"type\":\"object\",\"properties\":{\"s\":{\"pattern\":\"^(a|b)*$\"}}}";
        var started = System.nanoTime();
        assertThat(validate(schema, "{\"s\":\"" + "ab".repeat(10_000) + "\"}")).isEmpty();
        assertThat(validate(schema, "{\"s\":\"" + "ab".repeat(10_000) + "c\"}")).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("SB-11 undeclared members are refused unless the tool is marked lenient")
    void refusesUndeclaredMembers() throws RejectedSchema {
        var smuggled = "{\"text\":\"hi\",\"__admin\":true,\"constructor\":{}}";
        assertThat(validate(ECHO, smuggled))
                .containsExactly(
                        new Violation("/__admin", "is not a declared argument"),
                        new Violation("/constructor", "is not a declared argument"));
        assertThat(
                        ArgumentValidator.compile(Corpus.json(ECHO), true)
                                .validate(Corpus.json(smuggled)))
                .isEmpty();
    }

    @ParameterizedTest
    @DisplayName("C1. What a schema explicitly allows is declared")
    @ValueSource(
            strings = {
                "\"additionalProperties\":true",
                "\"additionalProperties\":{}",
                "\"additionalProperties\":{\"type\":\"string\"}",
                "\"unevaluatedProperties\":true",
                "\"unevaluatedProperties\":{\"maxLength\":5}",
                "\"allOf\":[{\"additionalProperties\":{\"type\":[\"string\",\"number\"]}}]",
                "\"$ref\":\"#/$defs/open\",\"$defs\":{\"open\":{\"additionalProperties\":true}}",
                "\"anyOf\":[{\"required\":[\"z\"]},{\"additionalProperties\":true}]"
            })
    void whatIsExplicitlyAllowedIsDeclared(String opening) throws RejectedSchema {
        var schema = "{\"type\":\"object\",\"properties\":{\"a\":{}}," + opening + "}";
        assertThat(validate(schema, "{\"a\":1,\"b\":\"x\"}")).isEmpty();
        assertThat(ArgumentValidator.compile(Corpus.json(schema), false).openings()).hasSize(1);
    }

    @ParameterizedTest
    @DisplayName("C1. What only a part or a condition allows is not")
    @ValueSource(
            strings = {
                "\"additionalProperties\":null",
                "\"$defs\":{\"unused\":{\"additionalProperties\":true}}",
                "\"not\":{\"required\":[\"z\"],\"additionalProperties\":true}",
                "\"if\":{\"additionalProperties\":true}",
                "\"properties\":{\"a\":{\"additionalProperties\":true}}",
                "\"patternProperties\":{\"^x\":{\"additionalProperties\":true}}"
            })
    void whatOnlyAPartAllowsIsNotDeclared(String elsewhere) throws RejectedSchema {
        var schema = "{\"type\":\"object\"," + elsewhere + "}";
        assertThat(validate(schema, "{\"b\":\"x\"}"))
                .extracting(Violation::pointer)
                .containsExactly("/b");
        assertThat(ArgumentValidator.compile(Corpus.json(schema), false).openings()).isEmpty();
    }

    /** Row 12: a mistake is told once, and at its place. */
    @Test
    void tellsAnUndeclaredMemberOnce() throws RejectedSchema {
        var schema =
                "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\"additionalProperties\":false}}}";
        assertThat(validate(schema, "{\"b\":1,\"c\":1,\"a\":{\"d\":1}}"))
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/b", "/c", "/a/d");
    }

    @Test
    @DisplayName("C1. The schema still says of what kind")
    void additionalMembersAreJudged() throws RejectedSchema {
        var schema = "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}";
        assertThat(validate(schema, "{\"b\":1}"))
                .extracting(Violation::pointer)
                .containsExactly("/b");
    }

    @Test
    @DisplayName("SB-11 members are declared by combinations, references and patterns too")
    void knowsEveryWayToDeclareAMember() throws RejectedSchema {
        var schema =
                """
                {"type":"object","$ref":"#/$defs/base","$defs":{"base":{"properties":{"a":{}}}},
                 "allOf":[{"properties":{"b":{}}}],"anyOf":[{"properties":{"c":{}}},true],
                 "if":{"properties":{"d":{}}},"then":{"properties":{"e":{}}},
                 "dependentSchemas":{"a":{"properties":{"f":{}}}},
                 "patternProperties":{"^x-":{}},"properties":{"g":{"properties":{"inner":{}}}}}\
                """;
        assertThat(
                        validate(
                                schema,
                                "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":{\"free\":1},\"x-1\":1}"))
                .isEmpty();
        assertThat(validate(schema, "{\"inner\":1,\"base\":1}")).hasSize(2);
    }

    @Test
    @DisplayName("SB-11 a long name is shown by its beginning")
    void shortensNames() throws RejectedSchema {
        var name = "x".repeat(99) + "😀".repeat(5_000);
        var violations = validate("{\"type\":\"object\"}", "{\"" + name + "\":1}");
        assertThat(violations).hasSize(1);
        assertThat(violations.getFirst().pointer()).isEqualTo("/" + "x".repeat(99) + "…");
    }

    @Test
    @DisplayName("SB-13 draft-07 means what draft-07 says")
    void supportsDraft07() throws RejectedSchema {
        var schema =
                """
                {"$schema":"http://json-schema.org/draft-07/schema#","type":"object",
                 "definitions":{"pair":{"type":"array","items":[{"type":"string"},{"type":"integer"}],
                   "additionalItems":false}},"properties":{"p":{"$ref":"#/definitions/pair"}}}\
                """;
        assertThat(validate(schema, "{\"p\":[\"a\",1]}")).isEmpty();
        assertThat(validate(schema, "{\"p\":[1,\"a\",2]}")).isNotEmpty();
    }

    @Test
    void calculatesWithNumbersThatKeptTheirText() throws RejectedSchema {
        var schema =
                """
                {"type":"object","properties":{"i":{"type":"integer","maximum":100},
                 "n":{"type":"number","exclusiveMinimum":0,"multipleOf":0.01},
                 "e":{"enum":[1,2.50]},"c":{"const":1e2}}}\
                """;
        assertThat(validate(schema, "{\"i\":1E2,\"n\":1.10,\"e\":2.5,\"c\":100.0}")).isEmpty();
        assertThat(validate(schema, "{\"i\":-0,\"e\":1.00}")).isEmpty();
        assertThat(validate(schema, "{\"i\":1.5}")).isNotEmpty();
        assertThat(validate(schema, "{\"i\":101.0}")).isNotEmpty();
        assertThat(validate(schema, "{\"n\":1.105}")).isNotEmpty();
        assertThat(validate(schema, "{\"i\":1e300}")).isNotEmpty();
        assertThat(validate(schema, "{\"i\":99999999999999999999}")).isNotEmpty();
    }

    @Test
    void readsAPatternAsEcmaScriptDoes() throws RejectedSchema {
        assertThat(matches("^[\\\\s\\\\S]+$", "a\\u00a0b")).isTrue();
        assertThat(matches("^\\\\S+$", "a\\u00a0b")).isFalse();
        assertThat(matches("^a.b$", "a\\u2028b")).isFalse();
        assertThat(matches("a$", "a\\n")).isFalse();
        assertThat(matches("^\\\\u0041\\\\x42\\\\u{43}\\\\cJ$", "ABC\\n")).isTrue();
        assertThat(matches("^\\\\ud83d\\\\ude00$", "😀")).isTrue();
        assertThat(matches("^[[:alpha:]]$", "a")).isFalse();
        assertThat(matches("^[\\\\w.-]+@[\\\\w.-]+\\\\.\\\\w{2,}$", "a.b@c-d.org")).isTrue();
        assertThat(matches("^\\\\p{Letter}+$", "naïve")).isTrue();
    }

    static Stream<Arguments> expensive() {
        var numbers = "[" + "1.5,".repeat(200_000) + "1]";
        var wide =
                IntStream.range(0, 50_000)
                        .mapToObj(i -> "\"k" + i + "\":1")
                        .collect(Collectors.joining(",", "{", "}"));
        return Stream.of(
                Arguments.of("{\"allOf\":[" + repeated("{\"uniqueItems\":true}") + "]}", numbers),
                Arguments.of(
                        "{\"allOf\":[" + repeated("{\"not\":{\"enum\":[[1]]}}") + "]}", numbers),
                Arguments.of(
                        "{\"allOf\":["
                                + repeated("{\"additionalProperties\":{\"type\":\"number\"}}")
                                + "]}",
                        wide),
                Arguments.of(
                        "{\"allOf\":[" + repeated("{\"pattern\":\"(a?){5}(a){5}$\"}") + "]}",
                        "\"" + "a".repeat(500_000) + "\""),
                Arguments.of(
                        "{\"unevaluatedProperties\":false,\"anyOf\":["
                                + repeated("{\"properties\":{\"k1\":true}}")
                                + "]}",
                        wide),
                Arguments.of(
                        "{\"items\":{\"multipleOf\":1e-300}}",
                        "[" + "1e999,".repeat(100_000) + "1]"),
                Arguments.of("{\"items\":{\"type\":\"string\"}}", numbers));
    }

    @ParameterizedTest
    @DisplayName("SB-07 what costs too much to check is refused in time")
    @MethodSource("expensive")
    void boundsTheWork(String property, String value) throws RejectedSchema {
        var schema = Corpus.json("{\"type\":\"object\",\"properties\":{\"a\":" + property + "}}");
        var validator = ArgumentValidator.compile(schema, false);
        var arguments = Corpus.json("{\"a\":" + value + "}");
        var started = System.nanoTime();
        assertThat(validator.validate(arguments)).isNotEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void branchingRecursionEnds() throws RejectedSchema {
        var schema =
                "{\"type\":\"object\",\"properties\":{\"c\":{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}},\"required\":[\"x\"]}";
        assertThat(validate(schema, "{\"c\":".repeat(60) + "1" + "}".repeat(60)))
                .containsExactly(new Violation("", "takes too much work to check"));
    }

    @Test
    void oneValidatorServesManyThreads() throws RejectedSchema {
        var validator = ArgumentValidator.compile(Corpus.json(ECHO), false);
        var good = Corpus.json("{\"text\":\"hi\"}");
        var bad = Corpus.json("{\"text\":7}");
        assertThat(
                        IntStream.range(0, 2_000)
                                .parallel()
                                .allMatch(i ->
                                        validator.validate(good).isEmpty()
                                                && validator.validate(bad).size() == 1))
                .isTrue();
    }

    private static String repeated(String schema) {
        return String.join(",", Collections.nCopies(400, schema));
    }

    private static boolean matches(String pattern, String text) throws RejectedSchema {
        var schema =
                "{\"type\":\"object\",\"properties\":{\"p\":{\"pattern\":\"" + pattern + "\"}}}";
        return validate(schema, "{\"p\":\"" + text + "\"}").isEmpty();
    }

    private static List<Violation> validate(String schema, String arguments) throws RejectedSchema {
        JsonNode tree = Corpus.json(arguments);
        return ArgumentValidator.compile(Corpus.json(schema), false).validate(tree);
    }
}
