package io.sallyport.admin;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.error.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object in a request, read member by member; an unknown member is a mistake, not a guess.
 */
final class Body {
    private final ObjectNode tree;

    private Body(ObjectNode tree) {
        this.tree = tree;
    }

    static Body read(byte[] bytes, String... members) {
        return of(tree(bytes), members);
    }

    static JsonNode tree(byte[] bytes) {
        try {
            return StrictJson.read(bytes);
        } catch (MalformedJson e) {
            throw new Refusal(
                    400,
                    Reason.valueOf(e.fault().name()),
                    "The body " + e.fault().complaint() + ".");
        }
    }

    static Body of(JsonNode node, String... members) {
        if (!(node instanceof ObjectNode object)) {
            throw Refusal.invalid("A JSON object is expected.");
        }
        var known = Set.of(members);
        object.propertyNames().stream()
                .filter(it -> !known.contains(it))
                .findFirst()
                .ifPresent(it -> {
                    throw new Refusal(
                            400, Reason.UNKNOWN_MEMBER, Closest.unknown("member", it, known));
                });
        return new Body(object);
    }

    /** Also true for a member that is null. */
    boolean mentions(String member) {
        return tree.has(member);
    }

    boolean has(String member) {
        return tree.has(member) && !tree.get(member).isNull();
    }

    boolean isObject(String member) {
        return tree.path(member).isObject();
    }

    String text(String member) {
        return optionalText(member).orElseThrow(() -> Refusal.invalid(member + " is required."));
    }

    Optional<String> optionalText(String member) {
        if (!has(member)) {
            return Optional.empty();
        }
        if (!tree.get(member).isString()) {
            throw Refusal.invalid(member + " must be a string.");
        }
        return Optional.of(storable(member, tree.get(member).asString()));
    }

    /** No database holds U+0000 in a text, and nothing of ours has it. */
    private static String storable(String member, String text) {
        if (text.indexOf(0) >= 0) {
            throw Refusal.invalid(member + " must not contain U+0000.");
        }
        return text;
    }

    boolean flag(String member) {
        if (!has(member)) {
            return false;
        }
        if (!tree.get(member).isBoolean()) {
            throw Refusal.invalid(member + " must be true or false.");
        }
        return tree.get(member).asBoolean();
    }

    OptionalInt number(String member) {
        if (!has(member)) {
            return OptionalInt.empty();
        }
        if (!tree.get(member).isInt()) {
            throw Refusal.invalid(member + " must be a whole number.");
        }
        return OptionalInt.of(tree.get(member).asInt());
    }

    List<String> texts(String member) {
        var texts = new ArrayList<String>();
        for (var item : items(member)) {
            if (!item.isString()) {
                throw Refusal.invalid(member + " must be a list of strings.");
            }
            texts.add(storable(member, item.asString()));
        }
        return texts;
    }

    Set<String> names(String member) {
        return new LinkedHashSet<>(texts(member));
    }

    List<JsonNode> items(String member) {
        if (!has(member)) {
            return List.of();
        }
        if (!tree.get(member).isArray()) {
            throw Refusal.invalid(member + " must be a list.");
        }
        return List.copyOf(tree.get(member).values());
    }

    /** The whole numbers of an object whose members have names of the caller's. */
    Map<String, Integer> numbersByName(String member) {
        if (!has(member)) {
            return Map.of();
        }
        var object = tree.get(member);
        if (!object.isObject() || !object.valueStream().allMatch(JsonNode::isInt)) {
            throw Refusal.invalid(member + " must be an object of whole numbers.");
        }
        var numbers = new LinkedHashMap<String, Integer>();
        object.properties()
                .forEach(it -> numbers.put(storable(member, it.getKey()), it.getValue().asInt()));
        return numbers;
    }

    Optional<Body> object(String member, String... members) {
        return has(member) ? Optional.of(of(tree.get(member), members)) : Optional.empty();
    }
}
