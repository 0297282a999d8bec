package io.sallyport.catalog;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The nulls in a schema that mean nothing: careless serialisers write them. A keyword that is null
 * is absent; a property that is null may be anything.
 */
public final class AbsentKeywords {
    /** Keywords whose null is a value. */
    private static final Set<String> VALUES = Set.of("const", "default", "example");

    private AbsentKeywords() {}

    /** The schema without them; the same one if it has none. */
    static JsonNode without(JsonNode schema) {
        if (!holdsNull(schema) || !(schema.deepCopy() instanceof ObjectNode copy)) {
            return schema;
        }
        dropAll(copy);
        return copy;
    }

    private static boolean holdsNull(JsonNode tree) {
        return tree.isNull() || tree.valueStream().anyMatch(AbsentKeywords::holdsNull);
    }

    private static void dropAll(ObjectNode schema) {
        drop(schema);
        Applicators.visit(
                "",
                schema,
                held -> {
                    if (held.schema() instanceof ObjectNode object) {
                        dropAll(object);
                    }
                });
    }

    /** Takes them out of a schema, but not out of those in it. */
    public static void drop(ObjectNode schema) {
        for (var keyword : List.copyOf(schema.propertyNames())) {
            var said = schema.path(keyword);
            if (said.isNull() && !VALUES.contains(keyword)) {
                schema.remove(keyword);
            } else if (isByName(keyword) && said instanceof ObjectNode map) {
                dropIn(keyword, map);
            }
        }
    }

    private static boolean isByName(String keyword) {
        return Applicators.holdsNamed(keyword) || keyword.equals("dependentRequired");
    }

    private static void dropIn(String keyword, ObjectNode map) {
        for (var name : List.copyOf(map.propertyNames())) {
            if (!map.path(name).isNull()) {
                continue;
            }
            if (keyword.equals("properties")) {
                map.putObject(name);
            } else {
                map.remove(name);
            }
        }
    }
}
