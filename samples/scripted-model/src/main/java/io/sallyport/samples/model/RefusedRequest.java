package io.sallyport.samples.model;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An HTTP error in OpenAI's shape; all four members are always there. */
final class RefusedRequest extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String param;
    private final String code;

    private RefusedRequest(int status, String type, String param, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    static RefusedRequest invalid(String param, String message) {
        return new RefusedRequest(400, "invalid_request_error", param, "", message);
    }

    static RefusedRequest unknownModel() {
        return new RefusedRequest(
                404,
                "invalid_request_error",
                "model",
                "model_not_found",
                "There is no script for this model.");
    }

    static RefusedRequest unknownPath() {
        return new RefusedRequest(404, "invalid_request_error", "", "", "Unknown path or method.");
    }

    static RefusedRequest tooLarge() {
        return new RefusedRequest(413, "invalid_request_error", "", "", "The body is too large.");
    }

    static RefusedRequest scripted(int status) {
        var type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 429 -> "rate_limit_error";
                    default -> status >= 500 ? "server_error" : "invalid_request_error";
                };
        return new RefusedRequest(status, type, "", "scripted", "The script says so.");
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        var body = JsonMapper.shared().createObjectNode();
        var error = body.putObject("error").put("message", getMessage()).put("type", type);
        putOrNull(error, "param", param);
        putOrNull(error, "code", code);
        return body;
    }

    private static void putOrNull(ObjectNode error, String member, String value) {
        if (value.isEmpty()) {
            error.putNull(member);
        } else {
            error.put(member, value);
        }
    }
}
