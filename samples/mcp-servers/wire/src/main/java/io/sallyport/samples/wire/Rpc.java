package io.sallyport.samples.wire;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON-RPC messages as trees. */
public final class Rpc {

    public static final int INVALID_REQUEST = -32600;
    public static final int UNKNOWN_METHOD = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int PARSE_ERROR = -32700;

    private Rpc() {}

    /** Reads one JSON text, or says that there is none. */
    public static Optional<JsonNode> read(byte[] body) {
        try {
            var tree = JsonMapper.shared().readTree(body);
            return tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    public static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    public static ObjectNode request(JsonNode id, String method, JsonNode params) {
        return message().set("id", id).put("method", method).set("params", params);
    }

    public static ObjectNode notification(String method, JsonNode params) {
        return message().put("method", method).set("params", params);
    }

    public static ObjectNode result(JsonNode id, JsonNode result) {
        return message().set("id", id).set("result", result);
    }

    /** An error without an id where the request had none that could be read. */
    public static ObjectNode error(JsonNode id, int code, String text) {
        var error = message();
        if (!id.isMissingNode()) {
            error.set("id", id);
        }
        error.putObject("error").put("code", code).put("message", text);
        return error;
    }

    public static ObjectNode error(JsonNode id, int code, String text, JsonNode data) {
        var error = error(id, code, text);
        error.withObject("error").set("data", data);
        return error;
    }

    private static ObjectNode message() {
        return object().put("jsonrpc", "2.0");
    }
}
