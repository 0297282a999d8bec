package io.sallyport.vetting.schema;

import io.sallyport.catalog.Finding;
import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.VettingStopped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks every regular expression of a schema, and how large all of them are together. */
final class SchemaPatterns {
    private final Set<Subschema> onTrial;
    private final List<Subschema> unjudged = new ArrayList<>();
    private final Map<Subschema, Long> instructions = new HashMap<>();
    private long sum;

    private SchemaPatterns(SchemaGraph graph) {
        onTrial = graph.onTrial();
    }

    /**
     * The schemas whose {@code pattern} cannot be judged and is left out: they allow more without
     * it.
     */
    List<Subschema> unjudged() {
        return unjudged;
    }

    /** What those of one schema compile to, without those that it holds. */
    long instructions(Subschema subschema) {
        return instructions.getOrDefault(subschema, 0L);
    }

    /**
     * Rejects a schema whose patterns are too large together, or one of which cannot be left out:
     * where that would turn a check round.
     *
     * @throws VettingStopped if the thread was interrupted, which is asked for each pattern
     */
    static SchemaPatterns of(SchemaGraph graph) throws RejectedSchema {
        var patterns = new SchemaPatterns(graph);
        for (var subschema : graph.all()) {
            patterns.check(subschema);
        }
        return patterns;
    }

    private void check(Subschema subschema) throws RejectedSchema {
        var pattern = subschema.node.path("pattern");
        var at = unjudged(subschema);
        if (pattern.isString() && !isLinear(pattern.stringValue(), subschema, at)) {
            boolean fits = unjudged.size() < SchemaRules.MAX_UNJUDGED;
            if (onTrial.contains(subschema) || !fits || !isPattern(pattern.stringValue())) {
                throw rejected(pattern.stringValue(), at);
            }
            unjudged.add(subschema);
        }
        checkNames(subschema);
    }

    private void checkNames(Subschema subschema) throws RejectedSchema {
        var names = JsonPointers.append(subschema.pointer, "patternProperties");
        for (var name : subschema.node.path("patternProperties").propertyNames()) {
            var at = JsonPointers.append(names, name);
            if (!isLinear(name, subschema, at)) {
                throw rejected(name, at);
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

    private boolean isLinear(String pattern, Subschema of, String pointer) throws RejectedSchema {
        VettingStopped.ifInterrupted();
        try {
            long size = LinearPattern.compile(pattern).weight();
            instructions.merge(of, size, Long::sum);
            sum += size;
        } catch (UnsupportedPattern e) {
            return false;
        }
        if (sum > SchemaRules.MAX_INSTRUCTIONS) {
            throw SchemaRules.tooLarge(pointer);
        }
        return true;
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
