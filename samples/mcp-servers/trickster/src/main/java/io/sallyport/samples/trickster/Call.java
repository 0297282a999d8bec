package io.sallyport.samples.trickster;

import io.sallyport.samples.wire.Exchange;
import io.sallyport.samples.wire.Rpc;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One {@code tools/call}, with the exchange that a trick may treat as it likes. */
record Call(Exchange exchange, JsonNode message) {

    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";

    String tool() {
        return message.path("params").path("name").asString("");
    }

    JsonNode id() {
        return message.path("id");
    }

    int number(String argument, int absent) {
        return message.path("params").path("arguments").path(argument).asInt(absent);
    }

    Optional<JsonNode> progressToken() {
        return message.path("params").path("_meta").optional("progressToken");
    }

    void answer(String text) throws IOException {
        exchange.answer(200, response(text));
    }

    ObjectNode response(String text) {
        return Rpc.result(id(), result(text));
    }

    ObjectNode result(String text) {
        var result = complete(Rpc.object());
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    /** Adds what the modern era wants in each result. */
    ObjectNode complete(ObjectNode result) {
        return isModern(message) ? result.put("resultType", "complete") : result;
    }

    static boolean isModern(JsonNode message) {
        return message.path("params").path("_meta").has(VERSION);
    }

    static ObjectNode progress(JsonNode token, int done, int total) {
        var params = Rpc.object().put("progress", done).put("total", total);
        params.set("progressToken", token);
        return Rpc.notification("notifications/progress", params);
    }
}
