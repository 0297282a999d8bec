package io.sallyport.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What means nothing in a schema: careless serialisers write it. A keyword that is null is absent;
 * a property that is null may be anything. An empty list where schemas have names is an empty map,
 * and one in the place of a named schema, or of the items, is the empty schema: PHP has one value
 * for an empty list and an empty map.
 */
public final class AbsentKeywords {
    /** Keywords whose null is a value. */
    private static final Set<String> VALUES = Set.of("const", "default", "example");

    /** What holds lists by names, which may be empty. */
    private static final Set<String> LISTS_BY_NAME = Set.of("dependencies", "dependentRequired");

    private AbsentKeywords() {}

    /** The schema without all that; the same one if it has nothing of the kind. */
    static JsonNode without(JsonNode schema) {
        if (!mayMeanNothing(schema)
                || !holdsNothing(schema)
                || !(schema.deepCopy() instanceof ObjectNode copy)) {
            return schema;
        }
        dropAll(copy);
        return copy;
    }

    /** Whether {@link #dropAll} would change it. */
    private static boolean holdsNothing(JsonNode node) {
        if (!(node instanceof ObjectNode schema)) {
            return false;
        }
        var held = new ArrayList<JsonNode>();
        Applicators.visit("", schema, it -> held.add(it.schema()));
        return schema.properties().stream().anyMatch(it -> isDropped(it, schema))
                || held.stream().anyMatch(AbsentKeywords::holdsNothing);
    }

    private static boolean isDropped(Map.Entry<String, JsonNode> member, ObjectNode schema) {
        var keyword = member.getKey();
        var said = member.getValue();
        return said.isNull() && !VALUES.contains(keyword)
                || isEmptyList(said) && isEmptyMap(keyword, schema)
                || isByName(keyword)
                        && said.isObject()
                        && said.valueStream()
                                .anyMatch(it -> it.isNull() || isEmptyNamed(keyword, it));
    }

    private static boolean isEmptyNamed(String keyword, JsonNode named) {
        return isEmptyList(named) && !LISTS_BY_NAME.contains(keyword);
    }

    private static boolean mayMeanNothing(JsonNode tree) {
        return tree.isNull()
                || isEmptyList(tree)
                || tree.valueStream().anyMatch(AbsentKeywords::mayMeanNothing);
    }

    private static boolean isEmptyList(JsonNode value) {
        return value.isArray() && value.isEmpty();
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

    /** Takes it out of a schema, but not out of those in it. */
    public static void drop(ObjectNode schema) {
        for (var keyword : List.copyOf(schema.propertyNames())) {
            var said = schema.path(keyword);
            if (said.isNull() && !VALUES.contains(keyword)) {
                schema.remove(keyword);
            } else if (isEmptyList(said) && isEmptyMap(keyword, schema)) {
                schema.putObject(keyword);
            } else if (isByName(keyword) && said instanceof ObjectNode map) {
                dropIn(keyword, map);
            }
        }
    }

    /** With one of these beside it a list as {@code items} is of an older draft. */
    private static boolean isEmptyMap(String keyword, ObjectNode schema) {
        return isByName(keyword)
                || keyword.equals("items")
                        && !schema.hasNonNull("additionalItems")
                        && !schema.hasNonNull("unevaluatedItems");
    }

    private static boolean isByName(String keyword) {
        return Applicators.holdsNamed(keyword) || LISTS_BY_NAME.contains(keyword);
    }

    private static void dropIn(String keyword, ObjectNode map) {
        for (var name : List.copyOf(map.propertyNames())) {
            var said = map.path(name);
            if (said.isNull() && !keyword.equals("properties")) {
                map.remove(name);
            } else if (said.isNull() || isEmptyNamed(keyword, said)) {
                map.putObject(name);
            }
        }
    }
}
