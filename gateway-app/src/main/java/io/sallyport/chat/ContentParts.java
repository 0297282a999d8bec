package io.sallyport.chat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The content of a message, which some models write as parts. Texts are what a client reads; the
 * other parts, thoughts with their signatures, go back to the model in the next round.
 */
final class ContentParts {
    /** The member of a chunk's delta, and of a message in the making, that holds other parts. */
    static final String OTHERS = "x_sallyport_parts";

    private ContentParts() {}

    /** The text of a content in any spelling, empty for none. */
    static String text(JsonNode content) {
        return parts(content).map(ContentParts::textOf).collect(Collectors.joining());
    }

    private static Stream<JsonNode> parts(JsonNode content) {
        return content instanceof ArrayNode array ? Members.stream(array) : Stream.of(content);
    }

    private static String textOf(JsonNode part) {
        if (part.isString()) {
            return part.stringValue();
        }
        return isText(part) ? Members.text(part, "text") : Members.text(part, "refusal");
    }

    private static boolean isText(JsonNode part) {
        return switch (Members.text(part, "type")) {
            case "", "text", "output_text" -> part.path("text").isString();
            default -> false;
        };
    }

    /** Writes the content of a delta as one text, with the other parts beside it. */
    static void divide(ObjectNode delta) {
        var content = delta.path("content");
        if (!content.isContainer()) {
            return;
        }
        var others = JsonNodeFactory.instance.arrayNode();
        parts(content).filter(it -> it instanceof ObjectNode && !isText(it)).forEach(others::add);
        delta.put("content", text(content));
        if (!others.isEmpty()) {
            delta.set(OTHERS, others);
        }
    }

    /** The opposite, for a whole message: its parts as the model takes them back. */
    static void unite(ObjectNode message) {
        if (!(message.remove(OTHERS) instanceof ArrayNode parts)) {
            return;
        }
        var text = Members.text(message, "content");
        if (!text.isEmpty()) {
            parts.addObject().put("type", "text").put("text", text);
        }
        message.set("content", parts);
    }
}
