package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.keyword.Keyword;
import io.sallyport.catalog.StrictJson;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * H1: which keywords of the library may refuse a value. One that is new to this list must be judged
 * before it is let in: what it looks at is charged in {@link KeywordCost}, and no text of a schema
 * makes it take longer than that.
 */
class AssertingKeywordsTest {
    private static final Set<String> OF_ALL =
            Set.of(
                    "$ref",
                    "additionalProperties",
                    "allOf",
                    "anyOf",
                    "const",
                    "contains",
                    "dependencies",
                    "enum",
                    "exclusiveMaximum",
                    "exclusiveMinimum",
                    "false",
                    "format",
                    "id",
                    "if",
                    "items",
                    "maxItems",
                    "maxLength",
                    "maxProperties",
                    "maximum",
                    "minItems",
                    "minLength",
                    "minProperties",
                    "minimum",
                    "multipleOf",
                    "not",
                    "notAllowed",
                    "oneOf",
                    "pattern",
                    "patternProperties",
                    "properties",
                    "propertyNames",
                    "readOnly",
                    "required",
                    "true",
                    "type",
                    "uniqueItems",
                    "writeOnly");

    private static final Set<String> SINCE_2019 =
            Set.of(
                    "dependentRequired",
                    "dependentSchemas",
                    "maxContains",
                    "minContains",
                    "unevaluatedItems",
                    "unevaluatedProperties");

    private static final List<String> DESCRIBED =
            List.of(
                    "http://json-schema.org/draft-04/schema#",
                    "http://json-schema.org/draft-06/schema#",
                    "http://json-schema.org/draft-07/schema#",
                    "https://json-schema.org/draft/2019-09/schema",
                    "https://json-schema.org/draft/2020-12/schema");

    @Test
    void areTheseOfDraft04To07() throws Exception {
        for (var draft : List.of("draft-04", "draft-06", "draft-07")) {
            assertThat(asserting("http://json-schema.org/" + draft + "/schema"))
                    .containsExactlyInAnyOrderElementsOf(OF_ALL);
        }
    }

    @Test
    void areTheseOf201909() throws Exception {
        assertThat(asserting("https://json-schema.org/draft/2019-09/schema"))
                .containsExactlyInAnyOrderElementsOf(
                        union(OF_ALL, SINCE_2019, Set.of("$recursiveRef")));
    }

    @Test
    void areTheseOf202012() throws Exception {
        assertThat(asserting("https://json-schema.org/draft/2020-12/schema"))
                .containsExactlyInAnyOrderElementsOf(
                        union(OF_ALL, SINCE_2019, Set.of("$dynamicRef", "prefixItems")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"contentMediaType\":\"application/json\"",
                "\"contentMediaType\":\"no type\"",
                "\"contentEncoding\":\"base64\"",
                "\"contentEncoding\":\"base64\",\"contentMediaType\":\"application/json\"",
                "\"contentSchema\":{\"type\":\"object\"},\"contentMediaType\":\"application/json\""
            })
    void noneOfThemSaysWhatATextContains(String keywords) throws Exception {
        for (var dialect : DESCRIBED) {
            var schema = "{\"$schema\":\"" + dialect + "\"," + keywords + "}";
            var compiled = CompiledSchema.compile(json(schema));

            assertThat(compiled.validate(json("\"{no: base64\""))).as(schema).isEmpty();
        }
    }

    private static Set<String> asserting(String dialect) throws Exception {
        var schema = json("{\"$schema\":\"" + dialect + "\"}");
        return SchemaDialect.of(schema).metered().getKeywords().values().stream()
                .filter(AssertingKeywordsTest::isAsserting)
                .map(Keyword::getValue)
                .collect(Collectors.toSet());
    }

    /** Those that are not metered are references and formats. */
    private static boolean isAsserting(Keyword keyword) {
        return !(keyword instanceof MeteredKeyword metered) || metered.isAsserting();
    }

    private static Set<String> union(Set<String> some, Set<String> more, Set<String> others) {
        return Stream.of(some, more, others).flatMap(Set::stream).collect(Collectors.toSet());
    }

    private static JsonNode json(String text) throws Exception {
        return StrictJson.read(text);
    }
}
