package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one POST is answered with.
 *
 * @param status HTTP status
 * @param body the JSON-RPC message, absent for an accepted notification
 * @param session id of the session that was opened just now
 * @param record id of the audit record of the call
 */
record RpcAnswer(
        int status, Optional<JsonNode> body, Optional<String> session, Optional<String> record) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static RpcAnswer accepted() {
        return new RpcAnswer(202, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static RpcAnswer result(JsonNode id, JsonNode result) {
        var message = message(id);
        message.set("result", result);
        return of(200, message);
    }

    /**
     * @param messages the answers to a batch
     */
    static RpcAnswer batch(JsonNode messages) {
        return of(200, messages);
    }

    /**
     * @param id of the request; null where JSON-RPC 2.0 wants it so, missing where MCP 2026-07-28
     *     wants none
     */
    static RpcAnswer error(JsonNode id, RpcFault fault) {
        var message = message(id);
        message.set("error", fault.tree());
        return of(fault.status(), message);
    }

    /** The id of an error about something that has none. */
    static JsonNode noId(boolean modern) {
        return modern ? MissingNode.getInstance() : JSON.nullNode();
    }

    private static RpcAnswer of(int status, JsonNode message) {
        return new RpcAnswer(status, Optional.of(message), Optional.empty(), Optional.empty());
    }

    private static ObjectNode message(JsonNode id) {
        var message = JSON.objectNode().put("jsonrpc", "2.0");
        if (!id.isMissingNode()) {
            message.set("id", id);
        }
        return message;
    }

    RpcAnswer inSession(String id) {
        return new RpcAnswer(status, body, Optional.of(id), record);
    }

    RpcAnswer recorded(Optional<String> id) {
        return new RpcAnswer(status, body, session, id);
    }

    byte[] bytes() {
        return body.map(JsonText::write).orElseGet(() -> new byte[0]);
    }
}
