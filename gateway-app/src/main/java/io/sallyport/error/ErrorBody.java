package io.sallyport.error;

import io.sallyport.catalog.JsonText;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The body of a refusal in the shape that each face's clients understand. */
public final class ErrorBody {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CHAT = "chat";
    private static final String MCP = "mcp";
    private static final String OTHER = "admin";

    private ErrorBody() {}

    /** Picks the face by the path: {@code /v1} OpenAI, {@code /mcp} JSON-RPC, all else RFC 9457. */
    public static ObjectNode forPath(String path, int status, Reason reason, String sentence) {
        return switch (face(path)) {
            case CHAT -> openAi(status, reason, sentence);
            case MCP -> jsonRpc(status, reason, sentence);
            default -> problem(status, reason, sentence);
        };
    }

    /** The media type that goes with {@link #forPath}. */
    public static String mediaType(String path) {
        return face(path).equals(OTHER) ? "application/problem+json" : "application/json";
    }

    /** The face that a path belongs to, by the name that records use. */
    public static String face(String path) {
        if (path.startsWith("/v1/")) {
            return CHAT;
        }
        return path.equals("/mcp") || path.startsWith("/mcp/") ? MCP : OTHER;
    }

    /** Answers a request that no handler has answered, in the shape of its face. */
    public static Mono<Void> write(
            ServerWebExchange exchange, int status, Reason reason, String sentence) {
        var path = exchange.getRequest().getPath().value();
        var bytes = JsonText.write(forPath(path, status, reason, sentence));
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, mediaType(path));
        response.getHeaders().setContentLength(bytes.length);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
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
    private static ObjectNode jsonRpc(int status, Reason reason, String sentence) {
        var body = JSON.objectNode().put("jsonrpc", "2.0").putNull("id");
        body.putObject("error")
                .put("code", status >= 500 ? -32603 : -32600)
                .put("message", sentence)
                .putObject("data")
                .put("code", reason.code());
        return body;
    }
}
