package io.sallyport.catalog.schema;

import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.RejectedSchema;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks every regular expression of a schema. */
final class SchemaPatterns {
    private SchemaPatterns() {}

    static void check(SchemaGraph graph) throws RejectedSchema {
        for (var subschema : graph.all()) {
            var pattern = subschema.node.path("pattern");
            if (pattern.isString()) {
                check(pattern.stringValue(), JsonPointers.append(subschema.pointer, "pattern"));
            }
            var at = JsonPointers.append(subschema.pointer, "patternProperties");
            for (var name : subschema.node.path("patternProperties").propertyNames()) {
                check(name, JsonPointers.append(at, name));
            }
        }
    }

    private static void check(String pattern, String pointer) throws RejectedSchema {
        try {
            LinearPattern.compile(pattern);
        } catch (UnsupportedPattern e) {
            var rule = isPattern(pattern) ? SchemaRules.UNSUPPORTED_PATTERN : SchemaRules.INVALID;
            throw new RejectedSchema(rule, pointer);
        }
    }

    /** Only to name the fault: nothing is ever matched with it. */
    private static boolean isPattern(String pattern) {
        try {
            Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException | StackOverflowError e) {
            return false;
        }
    }
}
