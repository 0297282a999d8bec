package io.sallyport.bridge;

import io.sallyport.catalog.JsonText;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An input schema as the providers of models take it. Providers refuse a whole request for one
 * schema: an array without items, alternatives at the root, the spelling of an older dialect. What
 * the model reads of a tool gets wider by this, never what the tool accepts: the gateway judges
 * arguments by the schema that was approved.
 */
final class ProviderSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What says nothing to a model, or names a dialect that providers do not know. */
    private static final Set<String> LEFT_OUT =
            Set.of("$schema", "$id", "$anchor", "$comment", "$vocabulary", "additionalItems");

    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    /** What not every engine of patterns has: looking around, flags, ends in Perl's spelling. */
    private static final Pattern UNUSUAL = Pattern.compile("\\(\\?(?!:)|\\\\[AZzGkK]");

    private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");

    /**
     * References and alternatives at the root that are followed, one inside the other and in all.
     */
    private static final int MAX_DEPTH = 8;

    private static final int MAX_MERGED = 64;

    /** What is this short may grow as it likes. In bytes, as all sizes here. */
    private static final int SHORT = 1_024;

    private final ObjectNode root;
    private final long most;
    private long room;
    private int merged;

    private ProviderSchema(ObjectNode root) {
        this.root = root;
        this.most = SHORT + 2 * size(root);
        this.room = 2 * most;
    }

    private static long size(JsonNode schema) {
        return JsonText.write(schema).length;
    }

    /** The schema of an object, with properties. */
    static ObjectNode of(JsonNode schema) {
        var root = schema instanceof ObjectNode object ? members(object) : JSON.objectNode();
        var flat = new ProviderSchema(root).flat();
        flat.put("type", "object");
        if (!flat.path("properties").isObject()) {
            flat.putObject("properties");
        }
        return flat;
    }

    /** With what is elsewhere merged into the root, unless it would grow by that. */
    private ObjectNode flat() {
        var flat = flat(root, 0);
        return room >= 0 && size(flat) <= most ? flat : flat(root, MAX_DEPTH);
    }

    private static ObjectNode members(ObjectNode schema) {
        var copy = JSON.objectNode();
        for (var member : schema.properties()) {
            if (!LEFT_OUT.contains(member.getKey()) && !member.getValue().isNull()) {
                addMember(copy, member.getKey(), member.getValue());
            }
        }
        writeBounds(copy);
        if (mayBe(copy.path("type"), "array") && !copy.has("items")) {
            copy.putObject("items");
        }
        return copy;
    }

    private static void addMember(ObjectNode copy, String name, JsonNode value) {
        switch (name) {
            case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas" ->
                    addNamed(copy, name, value);
            case "items" -> copy.set(name, items(value));
            case "allOf", "anyOf", "oneOf", "prefixItems" -> addList(copy, name, value);
            case "additionalProperties", "unevaluatedProperties" ->
                    copy.set(name, value.isBoolean() ? value : subschema(value));
            case "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems" ->
                    copy.set(name, subschema(value));
            case "required" -> addStrings(copy, value);
            case "enum" -> {
                if (value.isArray() && !value.isEmpty()) {
                    copy.set(name, value);
                }
            }
            case "type" -> addType(copy, value);
            case "pattern", "format", "title", "description", "$ref" -> addText(copy, name, value);
            case "id" -> {} // of the schema: what is named so is below "properties"
            default -> copy.set(name, value);
        }
    }

    private static void addText(ObjectNode copy, String name, JsonNode value) {
        var unusual = name.equals("pattern") && UNUSUAL.matcher(value.asString("")).find();
        if (value.isString() && !unusual) {
            copy.set(name, value);
        }
    }

    private static JsonNode subschema(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            return members(object);
        }
        var nothing = JSON.objectNode();
        if (schema.isBoolean() && !schema.booleanValue()) {
            nothing.putObject("not");
        }
        return nothing;
    }

    private static void addNamed(ObjectNode copy, String name, JsonNode value) {
        if (value.isObject()) {
            var named = copy.putObject(name);
            value.properties().forEach(it -> named.set(it.getKey(), subschema(it.getValue())));
        }
    }

    private static void addList(ObjectNode copy, String name, JsonNode value) {
        if (value.isArray() && !value.isEmpty()) {
            var list = copy.putArray(name);
            value.forEach(it -> list.add(subschema(it)));
        }
    }

    /** Older dialects say with a list what each place of an array holds. */
    private static JsonNode items(JsonNode items) {
        if (!items.isArray()) {
            return subschema(items);
        }
        var any = JSON.objectNode();
        addList(any, "anyOf", items);
        return any;
    }

    /** The first draft said of a property itself whether it is required. */
    private static void addStrings(ObjectNode copy, JsonNode value) {
        if (value.isArray()) {
            var names = copy.putArray("required");
            value.valueStream().filter(JsonNode::isString).distinct().forEach(names::add);
        }
    }

    private static void addType(ObjectNode copy, JsonNode value) {
        if (value.isString() && TYPES.contains(value.stringValue())) {
            copy.set("type", value);
        } else if (value.isArray()) {
            var types = JSON.arrayNode();
            value.valueStream()
                    .filter(it -> it.isString() && TYPES.contains(it.stringValue()))
                    .forEach(types::add);
            if (!types.isEmpty()) {
                copy.set("type", types.size() == 1 ? types.get(0) : types);
            }
        }
    }

    /** Draft 4 says with a boolean beside a bound that the bound itself is excluded. */
    private static void writeBounds(ObjectNode schema) {
        writeBound(schema, "exclusiveMinimum", "minimum");
        writeBound(schema, "exclusiveMaximum", "maximum");
    }

    private static void writeBound(ObjectNode schema, String exclusive, String bound) {
        var excluded = schema.path(exclusive);
        if (!excluded.isBoolean()) {
            return;
        }
        schema.remove(exclusive);
        if (excluded.booleanValue() && schema.has(bound)) {
            schema.set(exclusive, schema.remove(bound));
        }
    }

    private static boolean mayBe(JsonNode type, String name) {
        return type.isArray()
                ? type.valueStream().anyMatch(it -> mayBe(it, name))
                : type.asString("").equals(name);
    }

    /** {@code schema} with what its alternatives say of properties in one place. */
    private ObjectNode flat(ObjectNode schema, int depth) {
        var flat = schema.deepCopy();
        flat.remove(List.of("not", "enum", "const"));
        var ref = flat.path("$ref");
        flat.remove("$ref");
        if (depth < MAX_DEPTH) {
            target(ref).ifPresent(it -> merge(flat, List.of(it), true, depth));
        }
        for (var keyword : ALTERNATIVES) {
            if (flat.remove(keyword) instanceof ArrayNode list && depth < MAX_DEPTH) {
                merge(flat, list.valueStream().toList(), keyword.equals("allOf"), depth);
            }
        }
        return flat;
    }

    private Optional<JsonNode> target(JsonNode ref) {
        return ref.isString() && ref.stringValue().startsWith("#/")
                ? Optional.of(root.at(ref.stringValue().substring(1)))
                : Optional.empty();
    }

    /**
     * @param all whether each of {@code others} holds, so that what each requires is required; else
     *     only what they all do
     */
    private void merge(ObjectNode flat, List<JsonNode> others, boolean all, int depth) {
        var required = new HashSet<String>();
        var first = true;
        for (var other : others) {
            room -= size(other);
            if (++merged > MAX_MERGED || room < 0) {
                return;
            }
            var one =
                    other instanceof ObjectNode object
                            ? flat(object, depth + 1)
                            : JSON.objectNode();
            addProperties(flat, one);
            var names = new HashSet<String>();
            one.path("required").forEach(it -> names.add(it.asString()));
            if (all || first) {
                required.addAll(names);
            } else {
                required.retainAll(names);
            }
            first = false;
        }
        flat.path("required").forEach(it -> required.add(it.asString()));
        if (!required.isEmpty()) {
            var names = flat.putArray("required");
            required.stream().sorted().forEach(names::add);
        }
    }

    private static void addProperties(ObjectNode flat, ObjectNode other) {
        if (!flat.path("properties").isObject()) {
            flat.putObject("properties");
        }
        var properties = (ObjectNode) flat.path("properties");
        for (var member : other.path("properties").properties()) {
            var known = properties.path(member.getKey());
            if (known.isMissingNode()) {
                properties.set(member.getKey(), member.getValue());
            } else if (!known.equals(member.getValue())) {
                var either = JSON.objectNode();
                either.putArray("anyOf").add(known).add(member.getValue());
                properties.set(member.getKey(), either);
            }
        }
    }
}
