package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Rpc;
import tools.jackson.databind.node.ObjectNode;

/** Results that consist of one text. */
final class Texts {

    private Texts() {}

    /** What a tool answers. */
    static ObjectNode content(String text) {
        var result = Rpc.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    /** What a tool answers that could not do its work. */
    static ObjectNode failure(String text) {
        return content(text).put("isError", true);
    }

    /** What a prompt answers. */
    static ObjectNode messages(String text) {
        var result = Rpc.object();
        var message = result.putArray("messages").addObject().put("role", "user");
        message.putObject("content").put("type", "text").put("text", text);
        return result;
    }
}
