package io.sallyport.chat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads members of trees that others wrote: a member of another type counts as absent. */
final class Members {
    private Members() {}

    /** The text of a string member, empty if there is none. */
    static String text(JsonNode node, String name) {
        return textOf(node.path(name)).orElse("");
    }

    static Optional<String> textOf(JsonNode node) {
        return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    static boolean isTrue(JsonNode node, String name) {
        return node.path(name).isBoolean() && node.path(name).booleanValue();
    }

    /** Present and not {@code null}. */
    static boolean has(JsonNode node, String name) {
        var member = node.path(name);
        return !member.isMissingNode() && !member.isNull();
    }

    static Optional<ObjectNode> object(JsonNode node, String name) {
        return node.path(name) instanceof ObjectNode object
                ? Optional.of(object)
                : Optional.empty();
    }

    /** The elements of an array member, empty if there is none. */
    static List<JsonNode> elements(JsonNode node, String name) {
        return node.path(name) instanceof ArrayNode array ? stream(array).toList() : List.of();
    }

    static Stream<JsonNode> stream(ArrayNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
