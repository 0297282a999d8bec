package io.sallyport.chat;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Members of trees that others wrote: when read, a member of another type counts as absent. */
final class Members {
    /** In one place. No provider has half as many, and each costs many times its text. */
    static final int MOST_NAMES = 64;

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

    /**
     * Sets a member of a tree that is put together from pieces, and counts it.
     *
     * @throws ModelFailure if the tree would have too many, or there is no room for it
     */
    static void put(ObjectNode whole, String name, JsonNode value, AnswerPieces held) {
        var before = whole.path(name);
        if (before.isMissingNode()) {
            requireFewNames(whole.size());
            held.add(JsonWeight.ofMember(name));
        }
        held.add(JsonWeight.ofTree(value) - JsonWeight.ofTree(before));
        whole.set(name, value);
    }

    /**
     * @throws ModelFailure if there are so many that there may be no other
     */
    static void requireFewNames(int names) {
        if (names >= MOST_NAMES) {
            throw ModelFailure.tooLarge();
        }
    }
}
