package io.sallyport.vetting.schema;

import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.RejectedSchema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Measures what a schema graph grows to when its references are followed. */
final class SchemaBudget {
    private record Extent(int nodes, int depth) {
        static final Extent RECURSION = new Extent(1, 1);
    }

    private final Map<Subschema, Extent> measured = new HashMap<>();
    private final Set<Subschema> open = new HashSet<>();

    private SchemaBudget() {}

    /**
     * Rejects a graph that recurs without consuming anything of the value, expands to too many
     * nodes, or lists too many enum values. Recursion that consumes is legitimate and counts once.
     */
    static void check(SchemaGraph graph) throws RejectedSchema {
        for (var subschema : graph.all()) {
            var values = subschema.node.path("enum");
            if (values.size() > SchemaRules.MAX_ENUM_VALUES
                    || collisions(values) > SchemaRules.MAX_COLLISIONS) {
                throw SchemaRules.tooLarge(JsonPointers.append(subschema.pointer, "enum"));
            }
        }
        EmptyCycles.check(graph);
        new SchemaBudget().measure(graph.root());
    }

    /** The library looks values up by their hash codes, which whoever writes them can choose. */
    private static int collisions(JsonNode values) {
        var uses = new HashMap<Integer, Integer>();
        int most = 0;
        for (var value : values) {
            most = Math.max(most, uses.merge(hashCode(value), 1, Integer::sum));
        }
        return most;
    }

    /** Numbers, and those in a list, are looked up by their value. */
    private static int hashCode(JsonNode value) {
        if (!value.isArray()) {
            return byValue(value).hashCode();
        }
        var items = JsonNodeFactory.instance.arrayNode();
        value.forEach(item -> items.add(byValue(item)));
        return items.hashCode();
    }

    private static JsonNode byValue(JsonNode node) {
        return node.isNumber()
                ? DecimalNode.valueOf(node.decimalValue().stripTrailingZeros())
                : node;
    }

    private Extent measure(Subschema subschema) throws RejectedSchema {
        var known = measured.get(subschema);
        if (known != null) {
            return known;
        }
        if (!open.add(subschema)) {
            return Extent.RECURSION;
        }
        if (open.size() > SchemaRules.MAX_DEPTH) {
            throw SchemaRules.tooLarge(subschema.pointer);
        }
        var extent = sum(subschema);
        open.remove(subschema);
        measured.put(subschema, extent);
        return extent;
    }

    private Extent sum(Subschema subschema) throws RejectedSchema {
        int nodes = 1;
        int depth = 0;
        for (var next : SchemaGraph.next(subschema)) {
            var extent = measure(next);
            nodes += extent.nodes();
            depth = Math.max(depth, extent.depth());
            if (nodes > SchemaRules.MAX_NODES || depth >= SchemaRules.MAX_DEPTH) {
                throw SchemaRules.tooLarge(subschema.pointer);
            }
        }
        return new Extent(nodes, depth + 1);
    }
}
