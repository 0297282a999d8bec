package io.sallyport.mcp;

import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON-RPC error.
 *
 * @param status HTTP status, if nothing was answered yet
 */
record RpcFault(int status, int code, String message, Optional<ObjectNode> data) {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;
    static final int HEADER_MISMATCH = -32020;
    static final int MISSING_CAPABILITY = -32021;
    static final int UNSUPPORTED_VERSION = -32022;

    static RpcFault of(int status, int code, String message) {
        return new RpcFault(status, code, message, Optional.empty());
    }

    /** The request was understood and its params mean nothing here. */
    static RpcFault invalidParams(String message) {
        return of(200, INVALID_PARAMS, message);
    }

    static RpcFault invalidRequest(String message) {
        return of(400, INVALID_REQUEST, message);
    }

    static RpcFault mismatch(String message) {
        return of(400, HEADER_MISMATCH, message);
    }

    RpcFault with(ObjectNode more) {
        return new RpcFault(status, code, message, Optional.of(more));
    }

    RpcFault with(int other) {
        return new RpcFault(other, code, message, data);
    }

    ObjectNode tree() {
        var error = JsonNodeFactory.instance.objectNode();
        error.put("code", code).put("message", message);
        data.ifPresent(it -> error.set("data", it));
        return error;
    }
}
