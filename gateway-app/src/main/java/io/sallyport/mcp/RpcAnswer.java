package io.sallyport.mcp;

import io.sallyport.catalog.JsonText;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
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
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static RpcAnswer accepted() {
        return new RpcAnswer(202, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static RpcAnswer result(JsonNode id, JsonNode result) {
        var message = message(id);
        message.set("result", result);
        return of(200, message);
    }

    static RpcAnswer error(int status, JsonNode id, int code, String sentence) {
        var message = message(id);
        message.putObject("error").put("code", code).put("message", sentence);
        return of(status, message);
    }

    private static RpcAnswer of(int status, JsonNode message) {
        return new RpcAnswer(status, Optional.of(message), Optional.empty(), Optional.empty());
    }

    private static ObjectNode message(JsonNode id) {
        var message = JSON.objectNode().put("jsonrpc", "2.0");
        message.set("id", id);
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
