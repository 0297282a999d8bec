package io.sallyport.mcp;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One JSON-RPC 2.0 message from a client, told apart by its members. */
sealed interface RpcMessage {
    /** Longest id that we repeat in an answer. */
    int MAX_ID = 256;

    /** Members of a request; anything else is ambiguous and refused. */
    Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params");

    /** The params of the message; an empty object if it has none. */
    JsonNode params();

    record Request(JsonNode id, String method, JsonNode params) implements RpcMessage {}

    record Notification(String method, JsonNode params) implements RpcMessage {}

    /**
     * An answer to a request of ours.
     *
     * @param message with {@code result} or {@code error}
     */
    record Response(JsonNode id, ObjectNode message) implements RpcMessage {
        @Override
        public JsonNode params() {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    record Invalid(String sentence) implements RpcMessage {
        @Override
        public JsonNode params() {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    static RpcMessage read(JsonNode tree) {
        if (!(tree instanceof ObjectNode message)) {
            return new Invalid("one JSON-RPC message is expected, batches are not supported");
        }
        if (!"2.0".equals(message.path("jsonrpc").asString(""))) {
            return new Invalid("jsonrpc must be \"2.0\"");
        }
        if (!message.has("method")) {
            return message.has("result") || message.has("error")
                    ? new Response(message.path("id"), message)
                    : new Invalid("method is missing");
        }
        return call(message);
    }

    private static RpcMessage call(ObjectNode message) {
        var method = message.path("method");
        var params = message.path("params");
        if (!method.isString()) {
            return new Invalid("method must be a string");
        }
        if (!message.propertyNames().stream().allMatch(MEMBERS::contains)) {
            return new Invalid("unknown member");
        }
        if (!params.isMissingNode() && !params.isObject()) {
            return new Invalid("params must be an object");
        }
        var given = params.isMissingNode() ? JsonNodeFactory.instance.objectNode() : params;
        if (!message.has("id")) {
            return new Notification(method.asString(), given);
        }
        return isId(message.path("id"))
                ? new Request(message.path("id"), method.asString(), given)
                : new Invalid("id must be a string or a number");
    }

    private static boolean isId(JsonNode id) {
        return id.isNumber() || id.isString() && id.asString().length() <= MAX_ID;
    }
}
