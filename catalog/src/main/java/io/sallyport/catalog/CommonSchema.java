package io.sallyport.catalog;

import java.util.ArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Whether the validators that clients bring along compile a schema that vetting took. The first
 * TypeScript SDK compiles every outputSchema of a list and refuses the list if one fails, and
 * vetting takes more than it does. What is not known to be taken is not.
 */
final class CommonSchema {
    private CommonSchema() {}

    static boolean is(JsonNode schema) {
        var held = new ArrayList<JsonNode>();
        Applicators.visit("", schema, it -> held.add(it.schema()));
        return isSpelledAsNow(schema)
                && isLocal(schema)
                && arePatterns(schema)
                && held.stream().allMatch(CommonSchema::is);
    }

    /** Nothing of the drafts before 06, of OpenAPI, and no list of nothing. */
    private static boolean isSpelledAsNow(JsonNode schema) {
        var isNullable = schema.path("nullable");
        return !schema.path("exclusiveMinimum").isBoolean()
                && !schema.path("exclusiveMaximum").isBoolean()
                && !schema.path("required").isBoolean()
                && (isNullable.isMissingNode()
                        || isNullable.isBoolean() && schema.path("type").isString())
                && !(schema.path("enum").isArray() && schema.path("enum").isEmpty());
    }

    /** Two schemas of one name are one to a client, and an escape in a reference leads nowhere. */
    private static boolean isLocal(JsonNode schema) {
        return Stream.of("$ref", "$dynamicRef")
                        .map(it -> schema.path(it).stringValue("#"))
                        .allMatch(it -> it.startsWith("#") && !it.contains("%"))
                && !schema.has("$id")
                && !schema.has("id");
    }

    private static boolean arePatterns(JsonNode schema) {
        return CommonPattern.is(schema.path("pattern").stringValue(""))
                && schema.path("patternProperties").propertyNames().stream()
                        .allMatch(CommonPattern::is);
    }
}
