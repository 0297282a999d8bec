package io.sallyport.chat;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/**
 * One tool call that a model asks for.
 *
 * @param arguments the text as the model wrote it, whatever it is
 * @param tree the call as it stands in the assistant message
 */
record RequestedCall(String id, String name, String arguments, ObjectNode tree) {

    /** Reads the call; the tree has an id. Names and arguments that are missing are empty. */
    static RequestedCall read(ObjectNode tree) {
        var custom = Members.text(tree, "type").equals("custom");
        var body = tree.path(custom ? "custom" : "function");
        return new RequestedCall(
                Members.text(tree, "id"),
                Members.text(body, "name"),
                Members.text(body, custom ? "input" : "arguments"),
                tree);
    }

    /**
     * Some leave out what kind of call it is, and its body tells.
     *
     * @param custom whether it has a body of the kind that is no function
     */
    static void ensureType(ObjectNode call, boolean custom) {
        if (Members.text(call, "type").isBlank()) {
            call.put("type", custom ? "custom" : "function");
        }
    }

    byte[] argumentBytes() {
        return arguments.getBytes(StandardCharsets.UTF_8);
    }

    /** Arguments never show in a log. */
    @Override
    public String toString() {
        return "RequestedCall[" + id + "]";
    }
}
