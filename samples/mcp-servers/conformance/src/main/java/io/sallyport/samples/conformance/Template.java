package io.sallyport.samples.conformance;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A tree whose texts may name arguments in braces. */
record Template(JsonNode tree) {

    /** A copy in which every {@code {argument}} has its value. */
    ObjectNode filledWith(JsonNode arguments) {
        var copy = (ObjectNode) tree.deepCopy();
        fill(copy, arguments);
        return copy;
    }

    private static void fill(ObjectNode node, JsonNode arguments) {
        for (var member : node.properties()) {
            member.setValue(filled(member.getValue(), arguments));
        }
    }

    private static JsonNode filled(JsonNode node, JsonNode arguments) {
        return switch (node) {
            case ObjectNode object -> {
                fill(object, arguments);
                yield object;
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, filled(array.get(i), arguments));
                }
                yield array;
            }
            default ->
                    node.isString() ? StringNode.valueOf(text(node.asString(), arguments)) : node;
        };
    }

    private static String text(String text, JsonNode arguments) {
        var filled = text;
        for (var argument : arguments.properties()) {
            filled = filled.replace("{" + argument.getKey() + "}", argument.getValue().asString());
        }
        return filled;
    }
}
