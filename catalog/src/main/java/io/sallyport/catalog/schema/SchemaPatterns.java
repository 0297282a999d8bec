package io.sallyport.catalog.schema;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.RejectedSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks every regular expression of a schema. */
final class SchemaPatterns {
    private final Set<Subschema> onTrial;
    private final List<Subschema> unjudged = new ArrayList<>();

    private SchemaPatterns(SchemaGraph graph) {
        onTrial = graph.onTrial();
    }

    /**
     * The schemas whose {@code pattern} cannot be judged and may be left out: they allow more
     * without it. Where that would turn a check round, the whole schema is rejected.
     */
    static List<Subschema> unjudged(SchemaGraph graph) throws RejectedSchema {
        var patterns = new SchemaPatterns(graph);
        for (var subschema : graph.all()) {
            patterns.check(subschema);
        }
        return patterns.unjudged;
    }

    private void check(Subschema subschema) throws RejectedSchema {
        var pattern = subschema.node.path("pattern");
        if (pattern.isString() && !isLinear(pattern.stringValue())) {
            boolean fits = unjudged.size() < SchemaRules.MAX_UNJUDGED;
            if (onTrial.contains(subschema) || !fits || !isPattern(pattern.stringValue())) {
                throw rejected(pattern.stringValue(), unjudged(subschema));
            }
            unjudged.add(subschema);
        }
        var at = JsonPointers.append(subschema.pointer, "patternProperties");
        for (var name : subschema.node.path("patternProperties").propertyNames()) {
            if (!isLinear(name)) {
                throw rejected(name, JsonPointers.append(at, name));
            }
        }
    }

    /** Where the keyword stands that is left out of {@code subschema}. */
    static String unjudged(Subschema subschema) {
        return JsonPointers.append(subschema.pointer, "pattern");
    }

    private static RejectedSchema rejected(String pattern, String pointer) {
        var rule = isPattern(pattern) ? Finding.UNJUDGED : SchemaRules.INVALID;
        return new RejectedSchema(rule, pointer);
    }

    private static boolean isLinear(String pattern) {
        try {
            LinearPattern.compile(pattern);
            return true;
        } catch (UnsupportedPattern e) {
            return false;
        }
    }

    /** Whether some language could mean something by it; nothing is ever matched with it. */
    private static boolean isPattern(String pattern) {
        return isJavaPattern(pattern) || isJavaPattern(respelled(pattern));
    }

    /** What Python and ECMAScript write and Java does not. */
    private static String respelled(String pattern) {
        return pattern.replace("(?P<", "(?<")
                .replaceAll("\\(\\?P=(\\w{1,64})\\)", "\\\\k<$1>")
                .replaceAll("\\\\[pP]\\{\\w{1,64}(=\\w{1,64})?\\}", "\\\\w")
                .replace("[^]", ".")
                .replace("\\Z", "\\z");
    }

    private static boolean isJavaPattern(String pattern) {
        try {
            Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException | StackOverflowError e) {
            return false;
        }
    }
}
