package io.sallyport.vetting.schema;

import io.sallyport.catalog.RejectedSchema;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds schemas that lead back to themselves for the same value, as {@code {"$ref":"#"}} does:
 * judging a value by them never ends.
 */
final class EmptyCycles {
    private final Set<Subschema> open = new HashSet<>();
    private final Set<Subschema> done = new HashSet<>();

    private EmptyCycles() {}

    /** The graph is bounded ({@link SchemaRules#MAX_NODES}), hence so is the recursion here. */
    static void check(SchemaGraph graph) throws RejectedSchema {
        var cycles = new EmptyCycles();
        for (var subschema : graph.all()) {
            cycles.visit(subschema);
        }
    }

    private void visit(Subschema subschema) throws RejectedSchema {
        if (done.contains(subschema)) {
            return;
        }
        if (!open.add(subschema)) {
            throw new RejectedSchema(SchemaRules.REF_CYCLE, subschema.pointer);
        }
        for (var next : subschema.inPlace) {
            visit(next);
        }
        open.remove(subschema);
        done.add(subschema);
    }
}
