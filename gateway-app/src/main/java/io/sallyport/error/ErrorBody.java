package io.sallyport.error;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The body of a refusal in the shape that each face's clients understand. */
public final class ErrorBody {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ErrorBody() {}

    /** Picks the face by the path: {@code /v1} OpenAI, {@code /mcp} JSON-RPC, all else RFC 9457. */
    public static ObjectNode forPath(String path, int status, Reason reason, String sentence) {
        if (path.startsWith("/v1/")) {
            return openAi(status, reason, sentence);
        }
        return path.equals("/mcp") || path.startsWith("/mcp/")
                ? jsonRpc(reason, sentence)
                : problem(status, reason, sentence);
    }

    /** The media type that goes with {@link #forPath}. */
    public static String mediaType(String path) {
        return path.startsWith("/v1/") || path.equals("/mcp") || path.startsWith("/mcp/")
                ? "application/json"
                : "application/problem+json";
    }

    /**
     * {@code {"error":{message,type,param,code}}}, all four members (OpenAI API, ErrorResponse).
     */
    public static ObjectNode openAi(int status, Reason reason, String sentence) {
        var body = JSON.objectNode();
        body.putObject("error")
                .put("message", sentence)
                .put("type", openAiType(status))
                .putNull("param")
                .put("code", reason.code());
        return body;
    }

    /** The error type that OpenAI clients expect with a status. */
    public static String openAiType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            case 503 -> "service_unavailable_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    /** RFC 9457 problem details; {@code code} is our extension member. */
    public static ObjectNode problem(int status, Reason reason, String sentence) {
        return JSON.objectNode()
                .put("type", "about:blank")
                .put("title", reason.code())
                .put("status", status)
                .put("detail", sentence)
                .put("code", reason.code());
    }

    /** A JSON-RPC error without an id, for requests that were never read. */
    private static ObjectNode jsonRpc(Reason reason, String sentence) {
        var body = JSON.objectNode().put("jsonrpc", "2.0").putNull("id");
        body.putObject("error")
                .put("code", -32600)
                .put("message", sentence)
                .putObject("data")
                .put("code", reason.code());
        return body;
    }
}
