package io.sallyport.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes up values that a schema may accept: guesses, of which many fit. */
final class SchemaInstances {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 6;
    private static final List<String> TEXTS =
            List.of("", "a", "ab", "2026-11-29", "a@b.example", "https://a.example/b", "Ü 1");

    private final JsonNode root;
    private final RandomGenerator random;

    SchemaInstances(JsonNode root, RandomGenerator random) {
        this.root = root;
        this.random = random;
    }

    JsonNode next() {
        return of(root, 0);
    }

    private JsonNode of(JsonNode schema, int depth) {
        if (depth > MAX_DEPTH || !schema.isObject()) {
            return any(depth);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.path("enum").size() > 0) {
            return among(schema.path("enum"));
        }
        if (schema.path("$ref").isString()) {
            return of(target(schema.path("$ref").stringValue()), depth + 1);
        }
        for (var alternatives : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.path(alternatives).size() > 0 && !schema.has("properties")) {
                return of(among(schema.path(alternatives)), depth + 1);
            }
        }
        return ofType(schema, depth);
    }

    private JsonNode ofType(JsonNode schema, int depth) {
        var type = schema.path("type").isArray() ? among(schema.path("type")) : schema.path("type");
        return switch (type.stringValue("")) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "string" -> JSON.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case "integer" -> JSON.numberNode(random.nextInt(-2, 12));
            case "number" -> JSON.numberNode(random.nextInt(-20, 120) / 8.0);
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "null" -> JSON.nullNode();
            default -> schema.has("properties") ? object(schema, depth) : any(depth);
        };
    }

    private JsonNode object(JsonNode schema, int depth) {
        var object = JSON.objectNode();
        var required = new ArrayList<String>();
        schema.path("required").forEach(it -> required.add(it.stringValue("")));
        for (var member : schema.path("properties").properties()) {
            if (required.contains(member.getKey()) || random.nextInt(3) == 0) {
                object.set(member.getKey(), of(member.getValue(), depth + 1));
            }
        }
        for (var name : required) {
            if (!object.has(name)) {
                object.set(name, any(depth + 1));
            }
        }
        if (random.nextInt(6) == 0) {
            object.set("other", of(schema.path("additionalProperties"), depth + 1));
        }
        return object;
    }

    private JsonNode array(JsonNode schema, int depth) {
        var array = JSON.arrayNode();
        var items = schema.path("items");
        int size = random.nextInt(4);
        for (int at = 0; at < size; at++) {
            var item = items.isArray() ? items.path(at) : schema.path("prefixItems").path(at);
            array.add(of(item.isMissingNode() ? items : item, depth + 1));
        }
        return array;
    }

    private JsonNode any(int depth) {
        return switch (random.nextInt(depth > MAX_DEPTH ? 4 : 6)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.numberNode(random.nextInt(5));
            case 2 -> JSON.booleanNode(random.nextBoolean());
            case 3 -> JSON.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case 4 -> JSON.arrayNode().add(any(depth + 1));
            default -> JSON.objectNode().set("a", any(depth + 1));
        };
    }

    private JsonNode among(JsonNode list) {
        return list.path(random.nextInt(list.size()));
    }

    private JsonNode target(String reference) {
        return reference.startsWith("#/") && !reference.contains("%")
                ? root.at(JsonPointer.compile(reference.substring(1)))
                : JSON.objectNode();
    }
}
