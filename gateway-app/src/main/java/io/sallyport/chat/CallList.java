package io.sallyport.chat;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tool calls of a message or a delta, in whatever member they stand. */
final class CallList {
    private static final String NAME = "tool_calls";
    private static final String OLD_NAME = "function_call";

    private CallList() {}

    /** Writes them as OpenAI does today: a list, without gaps. */
    static void write(ObjectNode message) {
        if (message.path(NAME) instanceof ObjectNode single) {
            var calls = message.putArray(NAME); // an empty list is an empty object in Lua
            if (!single.isEmpty()) {
                calls.add(single);
            }
        }
        if (of(message).stream().anyMatch(JsonNode::isNull)) {
            var calls = of(message);
            var rest = message.putArray(NAME);
            calls.stream().filter(it -> !it.isNull()).forEach(rest::add);
        }
        writeOld(message);
    }

    /** What stands in the older member counts if there is nothing in today's. */
    private static void writeOld(ObjectNode message) {
        var old = message.path(OLD_NAME);
        if (old instanceof ObjectNode && !old.isEmpty() && of(message).isEmpty()) {
            message.putArray(NAME).addObject().put("type", "function").set("function", old);
            message.remove(OLD_NAME);
        }
    }

    static List<JsonNode> of(JsonNode message) {
        return Members.elements(message, NAME);
    }
}
