package io.sallyport.vetting.schema;

import io.sallyport.catalog.RejectedSchema;
import java.util.HashMap;
import java.util.Map;

/**
 * How much of a schema is compiled: all of it once, and what a reference leads to once more for
 * every spelling of one, because the library knows what it has compiled by that text.
 *
 * @param subschemas in all
 * @param instructions of their patterns
 */
record CompiledSize(long subschemas, long instructions) {
    private static final CompiledSize NOTHING = new CompiledSize(0, 0);

    private CompiledSize plus(CompiledSize more) {
        return new CompiledSize(subschemas + more.subschemas, instructions + more.instructions);
    }

    private boolean isTooLarge() {
        return subschemas > SchemaRules.MAX_COMPILED || instructions > SchemaRules.MAX_INSTRUCTIONS;
    }

    /** Rejects what would take too much memory. */
    static CompiledSize of(SchemaGraph graph, SchemaPatterns patterns) throws RejectedSchema {
        var within = within(graph, patterns);
        var size = within.getOrDefault("", NOTHING);
        for (var target : graph.references().values()) {
            size = size.plus(within.getOrDefault(target.pointer, NOTHING));
            if (size.isTooLarge()) {
                throw SchemaRules.tooLarge(target.pointer);
            }
        }
        return size;
    }

    /** What stands at each place and below it. */
    private static Map<String, CompiledSize> within(SchemaGraph graph, SchemaPatterns patterns) {
        var within = new HashMap<String, CompiledSize>();
        graph.all().forEach(it -> within.put(it.pointer, NOTHING));
        for (var subschema : graph.all()) {
            var own = new CompiledSize(1, patterns.instructions(subschema));
            for (var at = subschema.pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
                within.computeIfPresent(at, (_, size) -> size.plus(own));
                if (at.isEmpty()) {
                    break;
                }
            }
        }
        return within;
    }
}
