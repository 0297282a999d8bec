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

    byte[] argumentBytes() {
        return arguments.getBytes(StandardCharsets.UTF_8);
    }

    /** Arguments never show in a log. */
    @Override
    public String toString() {
        return "RequestedCall[" + id + "]";
    }
}
