package io.sallyport.admin;

import io.sallyport.catalog.Descriptor;
import io.sallyport.policy.VisibleText;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON of strangers as a reviewer sees it. What is larger than any descriptor that can be approved
 * is not shown: escapes would make many times of it.
 *
 * @param tree with every hidden character of values and of members' names written as its escape
 * @param hidden how many there are
 */
record VisibleTree(JsonNode tree, int hidden) {
    private static final JsonNode TOO_LARGE =
            AdminAnswer.JSON.objectNode().put(Descriptor.NOT_SHOWN, Descriptor.TOO_LARGE);

    static VisibleTree of(JsonNode tree) {
        if (Descriptor.isTooLarge(tree)) {
            return new VisibleTree(TOO_LARGE, 0);
        }
        int hidden = count(tree);
        return new VisibleTree(hidden == 0 ? tree : shown(tree), hidden);
    }

    private static int count(JsonNode node) {
        int count = VisibleText.countHidden(node.stringValue(""));
        for (var member : node.properties()) {
            count += VisibleText.countHidden(member.getKey()) + count(member.getValue());
        }
        if (node.isArray()) {
            count += node.valueStream().mapToInt(VisibleTree::count).sum();
        }
        return count;
    }

    private static JsonNode shown(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> shown(object);
            case ArrayNode array -> {
                var list = AdminAnswer.JSON.arrayNode();
                array.forEach(it -> list.add(shown(it)));
                yield list;
            }
            default ->
                    node.isString()
                            ? AdminAnswer.JSON.stringNode(
                                    VisibleText.withoutHidden(node.stringValue()))
                            : node;
        };
    }

    /** Names that look the same once they are escaped are all shown, the doubles numbered. */
    private static ObjectNode shown(ObjectNode object) {
        var shown = AdminAnswer.JSON.objectNode();
        var doubles = new HashMap<String, Integer>();
        for (var member : object.properties()) {
            var plain = VisibleText.withoutHidden(member.getKey());
            var name = shown.has(plain) ? numbered(plain, shown, doubles) : plain;
            shown.set(name, shown(member.getValue()));
        }
        return shown;
    }

    /** Goes on from the last number of that name, so that all doubles are one pass. */
    private static String numbered(String plain, ObjectNode shown, Map<String, Integer> doubles) {
        String name;
        do {
            name = plain + " (" + doubles.merge(plain, 2, (last, _) -> last + 1) + ")";
        } while (shown.has(name));
        return name;
    }
}
