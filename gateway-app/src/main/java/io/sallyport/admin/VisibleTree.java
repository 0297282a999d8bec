package io.sallyport.admin;

import io.sallyport.policy.VisibleText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON of strangers as a reviewer sees it.
 *
 * @param tree with every hidden character of values and of members' names written as its escape
 * @param hidden how many there are
 */
record VisibleTree(JsonNode tree, int hidden) {
    static VisibleTree of(JsonNode tree) {
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

    /** Two names that look the same once they are escaped are both shown. */
    private static ObjectNode shown(ObjectNode object) {
        var shown = AdminAnswer.JSON.objectNode();
        for (var member : object.properties()) {
            var name = new StringBuilder(VisibleText.withoutHidden(member.getKey()));
            while (shown.has(name.toString())) {
                name.append(" (again)");
            }
            shown.set(name.toString(), shown(member.getValue()));
        }
        return shown;
    }
}
