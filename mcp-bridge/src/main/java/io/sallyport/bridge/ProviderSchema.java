package io.sallyport.bridge;

import io.sallyport.catalog.JsonPointers;
import io.sallyport.catalog.JsonText;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An input schema as the providers of models take it. Providers refuse a whole request for one
 * schema: an array without items, alternatives at the root, the spelling of an older dialect, a
 * reference that leads nowhere. What the model reads of a tool gets wider by this, never what the
 * tool accepts: the gateway judges arguments by the schema that was approved.
 *
 * <p>References lead where vetting followed them to: a fragment is decoded, an anchor is looked up,
 * and a place that the copy does not have is copied into its definitions.
 */
final class ProviderSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");

    /**
     * References and alternatives at the root that are followed, one inside the other and in all.
     */
    private static final int MAX_DEPTH = 8;

    private static final int MAX_MERGED = 64;

    /** What is this short may grow as it likes. In bytes, as all sizes here. */
    private static final int SHORT = 1_024;

    private final JsonNode listed;
    private final ProviderSpelling spelling;
    private final ObjectNode root;
    private final IdentityHashMap<JsonNode, String> moved = new IdentityHashMap<>();
    private final long most;
    private long room;
    private int merged;
    private boolean flattened;
    private boolean lost;

    private ProviderSchema(JsonNode listed, boolean wide) {
        this.listed = listed;
        spelling = new ProviderSpelling(listed, wide);
        root = listed instanceof ObjectNode ? spelling.copy(listed) : JSON.objectNode();
        most = SHORT + 2 * size(root);
        room = 3 * most;
    }

    private static long size(JsonNode schema) {
        return JsonText.write(schema).length;
    }

    /** The schema of an object, with properties; it shares values with {@code schema}. */
    static ObjectNode of(JsonNode schema) {
        var exact = new ProviderSchema(schema, false);
        var copy = exact.object();
        return exact.isLost() ? new ProviderSchema(schema, true).object() : copy;
    }

    private boolean isLost() {
        return lost || spelling.isLost();
    }

    private ObjectNode object() {
        var flat = flat();
        flattened = !flat.equals(root);
        room = most - size(flat);
        settle(flat);
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

    /** {@code schema} with what its alternatives say of properties in one place. */
    private ObjectNode flat(ObjectNode schema, int depth) {
        var flat = schema.deepCopy();
        flat.remove(List.of("not", "enum", "const"));
        var ref = flat.path("$ref");
        flat.remove("$ref");
        if (ref.isString()) {
            flat.remove("unevaluatedProperties"); // of what is elsewhere not all is merged
        }
        if (ref.isString() && depth < MAX_DEPTH) {
            referred(ref).ifPresent(it -> merge(flat, List.of(it), true, depth));
        }
        for (var keyword : ALTERNATIVES) {
            if (flat.remove(keyword) instanceof ArrayNode list) {
                flat.remove("unevaluatedProperties");
                if (depth < MAX_DEPTH) {
                    merge(flat, list.valueStream().toList(), keyword.equals("allOf"), depth);
                }
            }
        }
        return flat;
    }

    /** A copy of the schema that is referred to, if it is not too large to be merged. */
    private Optional<JsonNode> referred(JsonNode ref) {
        return target(ref.stringValue()).filter(it -> takeRoom(size(it))).map(spelling::copy);
    }

    private boolean takeRoom(long bytes) {
        room -= bytes;
        return room >= 0;
    }

    /** The schema that vetting found there; empty where it would have found none. */
    private Optional<JsonNode> target(String reference) {
        return place(reference)
                .map(listed::at)
                .or(() -> spelling.anchored(reference))
                .filter(it -> it.isObject() || it.isBoolean());
    }

    private static Optional<JsonPointer> place(String reference) {
        return reference.equals("#") || reference.startsWith("#/")
                ? JsonPointers.ofFragment(reference.substring(1))
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
            if (!takeRoom(size(other)) || ++merged > MAX_MERGED) {
                return;
            }
            var one =
                    other instanceof ObjectNode object
                            ? flat(object, depth + 1)
                            : JSON.objectNode();
            addProperties(flat, one);
            var names = names(one);
            if (all || first) {
                required.addAll(names);
            } else {
                required.retainAll(names);
            }
            first = false;
        }
        required.addAll(names(flat));
        if (!required.isEmpty()) {
            var names = flat.putArray("required");
            required.stream().sorted().forEach(names::add);
        }
    }

    private static List<String> names(ObjectNode schema) {
        var required = schema.path("required");
        return required.isArray()
                ? required.valueStream()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .toList()
                : List.of();
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

    /** Makes every reference lead to a schema of the copy, and takes out those that cannot. */
    private void settle(ObjectNode flat) {
        var unseen = new ArrayDeque<ObjectNode>();
        unseen.add(flat);
        while (!unseen.isEmpty()) {
            var schema = unseen.remove();
            if (schema.path("$ref").isString()) {
                settle(flat, schema, schema.path("$ref").stringValue()).ifPresent(unseen::add);
            }
            unseen.addAll(ProviderSpelling.held(schema));
        }
    }

    /** The schema that was copied for it, if one was. */
    private Optional<ObjectNode> settle(ObjectNode flat, ObjectNode schema, String reference) {
        var place = place(reference);
        if (place.filter(it -> ProviderSpelling.isSchemaAt(flat, it)).isPresent()) {
            lost |= flattened && place.get().matches();
            return Optional.empty();
        }
        var target = target(reference).filter(it -> moved.containsKey(it) || takeRoom(size(it)));
        if (target.isEmpty()) {
            schema.remove("$ref");
            lost = true;
            return Optional.empty();
        }
        return moved(flat, schema, target.get());
    }

    private Optional<ObjectNode> moved(ObjectNode flat, ObjectNode schema, JsonNode target) {
        var definitions = flat.withObject("$defs");
        var known = Optional.ofNullable(moved.get(target));
        var name = known.orElseGet(() -> freeName(definitions));
        schema.put("$ref", "#/$defs/" + name);
        if (known.isPresent()) {
            return Optional.empty();
        }
        moved.put(target, name);
        var copy = spelling.copy(target);
        definitions.set(name, copy);
        return Optional.of(copy);
    }

    private static String freeName(ObjectNode definitions) {
        int number = definitions.size();
        while (definitions.has("moved" + number)) {
            number++;
        }
        return "moved" + number;
    }
}
