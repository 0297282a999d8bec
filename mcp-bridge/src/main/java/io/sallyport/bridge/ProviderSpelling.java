package io.sallyport.bridge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Copies schemas in the spelling that providers of models take, keyword by keyword and place by
 * place. What is left out allows more, except where something decides by whether a schema fits: so
 * whoever finds that something {@link #isLost} copies anew without such keywords.
 */
final class ProviderSpelling {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What says nothing to a model, or names what providers do not know. */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "$schema",
                    "$id",
                    "id", // of the schema: what is named so is below "properties"
                    "$anchor",
                    "$dynamicAnchor",
                    "$recursiveAnchor",
                    "$comment",
                    "$vocabulary",
                    "additionalItems");

    /** What no provider reads, and what allows more without it. */
    private static final Set<String> UNREAD =
            Set.of("$dynamicRef", "$recursiveRef", "dependencies");

    /** What decides by whether a schema fits: a wider one in it could allow less. */
    private static final Set<String> DECIDING =
            Set.of(
                    "not",
                    "if",
                    "then",
                    "else",
                    "unevaluatedProperties",
                    "unevaluatedItems",
                    "maxContains");

    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");

    private static final Set<String> SINGLE =
            Set.of(
                    "items",
                    "additionalProperties",
                    "unevaluatedProperties",
                    "not",
                    "if",
                    "then",
                    "else",
                    "contains",
                    "propertyNames",
                    "unevaluatedItems",
                    "contentSchema");

    /** What counts beside a reference in the drafts in which nothing else does. */
    private static final Set<String> BESIDE_REFERENCE =
            Set.of("$ref", "title", "description", "default", "examples", "$defs", "definitions");

    private static final Pattern BEFORE_2019 = Pattern.compile("draft-0[467]");

    private static final Set<String> SINCE_2020 = Set.of("prefixItems");

    private static final Set<String> SINCE_2019 =
            Set.of(
                    "prefixItems",
                    "dependentSchemas",
                    "dependentRequired",
                    "unevaluatedProperties",
                    "unevaluatedItems",
                    "minContains",
                    "maxContains");

    /** What not every engine of patterns has: looking around, flags, ends in Perl's spelling. */
    private static final Pattern UNUSUAL = Pattern.compile("\\(\\?(?!:)|\\\\[AZzGkK]");

    private final boolean isOld;
    private final Set<String> unknown;
    private final boolean wide;
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private boolean lost;

    /**
     * @param root the whole schema, which says what dialect it is of
     * @param wide whether keywords that decide by whether a schema fits are left out
     */
    ProviderSpelling(JsonNode root, boolean wide) {
        var dialect = root.path("$schema").stringValue("");
        this.wide = wide;
        isOld = BEFORE_2019.matcher(dialect).find();
        unknown = isOld ? SINCE_2019 : dialect.contains("2019-09") ? SINCE_2020 : Set.of();
    }

    /** Whether a copy allows more than its schema. */
    boolean isLost() {
        return lost;
    }

    /** The schema whose anchor is referred to, of those that were copied. */
    Optional<JsonNode> anchored(String reference) {
        return Optional.ofNullable(anchors.get(reference));
    }

    /** Any schema as an object. */
    ObjectNode copy(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            return members(object);
        }
        var nothing = JSON.objectNode();
        if (schema.isBoolean() && !schema.booleanValue()) {
            nothing.putObject("not");
        }
        return nothing;
    }

    private ObjectNode members(ObjectNode schema) {
        remember(schema, "$anchor");
        remember(schema, "$dynamicAnchor");
        var copy = JSON.objectNode();
        boolean refersOnly = isOld && schema.path("$ref").isString();
        for (var member : schema.properties()) {
            var name = member.getKey();
            if (isRead(name, member.getValue())
                    && (!refersOnly || BESIDE_REFERENCE.contains(name))) {
                add(copy, schema, name);
            }
        }
        writeBound(copy, "exclusiveMinimum", "minimum");
        writeBound(copy, "exclusiveMaximum", "maximum");
        if (mayBe(copy.path("type"), "array") && !copy.has("items")) {
            copy.putObject("items");
        }
        return copy;
    }

    private void remember(ObjectNode schema, String keyword) {
        if (schema.path(keyword).isString()) {
            anchors.putIfAbsent("#" + schema.path(keyword).stringValue(), schema);
        }
    }

    private boolean isRead(String name, JsonNode value) {
        lost |= UNREAD.contains(name);
        return !LEFT_OUT.contains(name)
                && !UNREAD.contains(name)
                && !unknown.contains(name)
                && (!value.isNull() || name.equals("const"));
    }

    private void add(ObjectNode copy, ObjectNode schema, String name) {
        var value = schema.path(name);
        switch (name) {
            case "items" -> copy.set(name, items(schema));
            case "oneOf" -> addList(copy, wide ? "anyOf" : name, value);
            case "additionalProperties" -> copy.set(name, value.isBoolean() ? value : copy(value));
            case "required" -> addStrings(copy, value);
            case "enum" -> addEnum(copy, value);
            case "type" -> addType(copy, value);
            case "pattern" -> addPattern(copy, value);
            case "format", "title", "description", "$ref" -> addText(copy, name, value);
            default -> addOther(copy, name, value);
        }
    }

    private void addOther(ObjectNode copy, String name, JsonNode value) {
        if (NAMED.contains(name)) {
            addNamed(copy, name, value);
        } else if (LISTS.contains(name)) {
            addList(copy, name, value);
        } else if (!wide || !DECIDING.contains(name) || name.equals("not") && isAnything(value)) {
            boolean isFlag = name.equals("unevaluatedProperties") && value.isBoolean();
            copy.set(name, SINGLE.contains(name) && !isFlag ? copy(value) : value);
        }
    }

    /** {@code not} of it allows nothing, whatever else is left out. */
    private static boolean isAnything(JsonNode schema) {
        return schema.isObject() && schema.isEmpty() || schema.booleanValue(false);
    }

    private static void addText(ObjectNode copy, String name, JsonNode value) {
        if (value.isString()) {
            copy.set(name, value);
        }
    }

    private void addPattern(ObjectNode copy, JsonNode value) {
        if (UNUSUAL.matcher(value.stringValue("")).find()) {
            lost = true;
        } else {
            addText(copy, "pattern", value);
        }
    }

    private void addEnum(ObjectNode copy, JsonNode value) {
        if (value.isArray() && !value.isEmpty()) {
            copy.set("enum", value);
        } else {
            lost = true;
        }
    }

    private void addNamed(ObjectNode copy, String name, JsonNode value) {
        if (value.isObject()) {
            var named = copy.putObject(name);
            value.properties().forEach(it -> named.set(it.getKey(), copy(it.getValue())));
        }
    }

    /** Where a list of that name is already, which more may fit, this one is left out. */
    private void addList(ObjectNode copy, String name, JsonNode value) {
        if (value.isArray() && !value.isEmpty() && !copy.has(name)) {
            var list = copy.putArray(name);
            value.forEach(it -> list.add(copy(it)));
        }
    }

    /** Older dialects say with a list what each place of an array holds. */
    private JsonNode items(ObjectNode schema) {
        var items = schema.path("items");
        if (!items.isArray()) {
            return copy(items);
        }
        var others = schema.path("additionalItems");
        if (items.isEmpty()) {
            return copy(others);
        }
        lost = true;
        var any = JSON.objectNode();
        var list = any.putArray("anyOf");
        items.forEach(it -> list.add(copy(it)));
        boolean mayBeMore = schema.path("maxItems").asInt(Integer.MAX_VALUE) > items.size();
        if (mayBeMore && !(others.isBoolean() && !others.booleanValue())) {
            list.add(copy(others));
        }
        return any;
    }

    /** The first draft said of a property itself whether it is required. */
    private void addStrings(ObjectNode copy, JsonNode value) {
        if (value.isArray()) {
            var names = copy.putArray("required");
            value.valueStream().filter(JsonNode::isString).distinct().forEach(names::add);
        } else {
            lost = true;
        }
    }

    private void addType(ObjectNode copy, JsonNode value) {
        if (value.isString() && TYPES.contains(value.stringValue())) {
            copy.set("type", value);
            return;
        }
        var types = JSON.arrayNode();
        if (value.isArray()) {
            value.valueStream()
                    .filter(it -> it.isString() && TYPES.contains(it.stringValue()))
                    .forEach(types::add);
        }
        if (!types.isEmpty()) {
            copy.set("type", types.size() == 1 ? types.get(0) : types);
        }
        lost |= types.size() != value.size() || types.isEmpty();
    }

    /** Draft 4 says with a boolean beside a bound that the bound itself is excluded. */
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
                : type.stringValue("").equals(name);
    }

    /** The schemas that a copy holds directly, but those that are only {@code true} or not. */
    static List<ObjectNode> held(ObjectNode copy) {
        var held = new ArrayList<ObjectNode>();
        for (var member : copy.properties()) {
            var name = member.getKey();
            if (SINGLE.contains(name) && member.getValue() instanceof ObjectNode schema) {
                held.add(schema);
            } else if (NAMED.contains(name) || LISTS.contains(name)) {
                member.getValue()
                        .valueStream()
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast)
                        .forEach(held::add);
            }
        }
        return held;
    }

    /** Whether a schema stands there in a copy, by its keywords and not by chance. */
    static boolean isSchemaAt(JsonNode copy, JsonPointer place) {
        var node = copy;
        var rest = place;
        while (!rest.matches()) {
            var keyword = rest.getMatchingProperty();
            node = node.path(keyword);
            rest = rest.tail();
            boolean isMany = NAMED.contains(keyword) || LISTS.contains(keyword);
            if (isMany && !rest.matches()) {
                node = part(node, rest);
                rest = rest.tail();
            } else if (isMany || !SINGLE.contains(keyword)) {
                return false;
            }
        }
        return node.isObject() || node.isBoolean();
    }

    private static JsonNode part(JsonNode schemas, JsonPointer place) {
        return schemas.isArray()
                ? schemas.path(place.getMatchingIndex())
                : schemas.path(place.getMatchingProperty());
    }
}
