package io.sallyport.mcp;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One JSON-RPC 2.0 message from a client, told apart by its members. */
sealed interface RpcMessage {
    /** Longest id that we repeat in an answer. */
    int MAX_ID = 256;

    /** The members that mean something; in another case they would mean it to other readers. */
    Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");

    /** Members of params that hold members of the protocol; a null in them says nothing either. */
    Set<String> PARTS =
            Set.of("_meta", "capabilities", "clientInfo", "context", "notifications", "ref");

    /** Members of params that hold what is a tool's, a prompt's or a server's. */
    Set<String> HANDED_ON = Set.of("arguments", "inputResponses");

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

    /**
     * @param tree of this message alone: what means nothing in it is taken out
     */
    static RpcMessage read(JsonNode tree) {
        if (!(tree instanceof ObjectNode message)) {
            return new Invalid("one JSON-RPC message is expected");
        }
        dropNulls(message);
        spellEmptyObjects(message);
        if (!"2.0".equals(message.path("jsonrpc").asString(""))) {
            return new Invalid("jsonrpc must be \"2.0\"");
        }
        if (message.propertyNames().stream().anyMatch(RpcMessage::isTwin)) {
            return new Invalid("a member's name is in another case");
        }
        var answers = message.has("result") || message.has("error");
        if (!message.has("method")) {
            return answers
                    ? new Response(message.path("id"), message)
                    : new Invalid("method is missing");
        }
        return answers ? new Invalid("a message is either a request or an answer") : call(message);
    }

    /**
     * Takes null for absent where the protocol says what there is: in the message itself, but for
     * its id, in its params, and in the parts of these. What tools are given is not touched.
     */
    private static void dropNulls(ObjectNode message) {
        var isRequest = message.path("method").isString();
        var isError = message.path("error").isObject();
        drop(message, isRequest || isError ? Set.of("id") : Set.of("id", "result"));
        if (message.get("params") instanceof ObjectNode params) {
            drop(params, Set.of());
            for (var name : PARTS) {
                if (params.get(name) instanceof ObjectNode part) {
                    drop(part, Set.of());
                }
            }
        }
    }

    private static void drop(ObjectNode object, Set<String> kept) {
        object.properties().removeIf(it -> it.getValue().isNull() && !kept.contains(it.getKey()));
    }

    /**
     * An empty list is an empty object where the protocol has an object and no list: PHP has one
     * value for both. What tools are given is not touched, but for the whole of it.
     */
    private static void spellEmptyObjects(ObjectNode message) {
        spellEmptyObjects(message, Set.of("params"));
        if (message.get("params") instanceof ObjectNode params) {
            spellEmptyObjects(params, PARTS);
            spellEmptyObjects(params, HANDED_ON);
            if (params.get("context") instanceof ObjectNode context) {
                spellEmptyObjects(context, Set.of("arguments"));
            }
            if (params.get("_meta") instanceof ObjectNode meta) {
                spellEmptyObjects(meta, Set.of(ModernRules.CAPABILITIES));
            }
        }
    }

    private static void spellEmptyObjects(ObjectNode object, Set<String> names) {
        for (var name : names) {
            if (object.path(name).isArray() && object.path(name).isEmpty()) {
                object.putObject(name);
            }
        }
    }

    private static boolean isTwin(String name) {
        return !MEMBERS.contains(name) && MEMBERS.stream().anyMatch(name::equalsIgnoreCase);
    }

    private static RpcMessage call(ObjectNode message) {
        var method = message.path("method");
        var params = message.path("params");
        if (!method.isString()) {
            return new Invalid("method must be a string");
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
