package io.sallyport.vetting;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.StrictJson;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What holds for whatever a server lists as a schema and an agent sends as arguments: both come as
 * {@code [schema, arguments]}.
 */
class SchemaFuzzTest {
    private static final int MAX_VIOLATIONS = 40;

    private static final FuzzInputs PAIRS =
            FuzzInputs.of(
                    List.of(
                            """
                            [{"type":"object","properties":{"a":{"type":"string","pattern":"^a+b?$",\
                            "maxLength":9},"b":{"type":"array","uniqueItems":true,"items":\
                            {"type":"integer","multipleOf":3}}},"required":["a"],\
                            "additionalProperties":false},{"a":"aab","b":[3,6,9]}]\
                            """,
                            """
                            [{"type":"object","$defs":{"n":{"anyOf":[{"type":"null"},\
                            {"type":"object","properties":{"n":{"$ref":"#/$defs/n"}}}]}},\
                            "properties":{"n":{"$ref":"#/$defs/n"}}},{"n":{"n":{"n":null}}}]\
                            """,
                            """
                            [{"type":"object","patternProperties":{"^x-":{"oneOf":[{"const":1},\
                            {"enum":["a",2]}]}},"dependentSchemas":{"a":{"minProperties":2}},\
                            "if":{"required":["a"]},"then":{"propertyNames":{"maxLength":3}},\
                            "unevaluatedProperties":{"type":"number"}},{"x-1":1,"a":2}]\
                            """,
                            """
                            [{"type":"object","properties":{"a":{"prefixItems":[{"not":{}}],\
                            "contains":{"minimum":1.5},"minContains":2,"unevaluatedItems":false},\
                            "u":{"format":"uri","x-mcp-header":"Region"}}},{"a":[1,2],"u":"x"}]\
                            """),
                    List.of(
                            "{\"$ref\":\"#\"}",
                            "\"$ref\":\"#/$defs/n\",",
                            "\"$dynamicRef\":\"#a\",",
                            "\"uniqueItems\":true,",
                            "\"pattern\":\"(a+)+$\",",
                            "\"pattern\":\"\\\\p{L}{1,999}\",",
                            "\"allOf\":[",
                            "\"unevaluatedProperties\":false,",
                            "\"contains\":{},",
                            "{\"not\":",
                            "\"$id\":\"http://a/b\",",
                            "\"$schema\":\"http://json-schema.org/draft-07/schema#\",",
                            "[0,0,",
                            "1e300,"));

    @Test
    void holdsForPairsFromASeed() {
        PAIRS.check(getClass(), this::isRejectedOrJudgesWithinItsBounds);
    }

    @FuzzTest
    void isRejectedOrJudgesWithinItsBounds(byte[] pair) {
        JsonNode tree;
        ArgumentValidator validator;
        try {
            tree = StrictJson.read(pair);
            validator = ArgumentValidator.compile(tree.path(0), false);
        } catch (MalformedJson | RejectedSchema _) {
            return;
        }
        var arguments = tree.path(1);
        var violations = validator.validate(arguments);
        assertThat(violations).hasSizeLessThanOrEqualTo(MAX_VIOLATIONS);
        assertThat(validator.validate(arguments)).isEqualTo(violations);
        assertThat(arguments.isObject() || !violations.isEmpty())
                .as("what is no object is no arguments")
                .isTrue();
    }
}
