package io.sallyport.chat;

import io.sallyport.edge.WholeRequest;
import io.sallyport.error.Reason;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** The body of a request, whose headers say that it is what this face reads. */
final class RequestBody {
    /** Images travel inside of messages. */
    static final int MAX_BYTES = 20 * 1024 * 1024;

    private RequestBody() {}

    /**
     * @throws ChatFailure if it is of another kind, or too large
     */
    static byte[] of(ServerWebExchange exchange) {
        var headers = exchange.getRequest().getHeaders();
        if (isEncoded(headers)) {
            throw refused(415, Reason.UNSUPPORTED_CONTENT_ENCODING, "Send the body unencoded.");
        }
        if (!isJson(headers)) {
            throw refused(415, Reason.UNSUPPORTED_MEDIA_TYPE, "Send application/json.");
        }
        if (headers.getContentLength() > MAX_BYTES) {
            throw refused(413, Reason.BODY_TOO_LARGE, "The body is larger than 20 MiB.");
        }
        return WholeRequest.body(exchange);
    }

    private static boolean isEncoded(HttpHeaders headers) {
        var encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    private static boolean isJson(HttpHeaders headers) {
        var type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            return false;
        }
        var name = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return name.equals("application/json");
    }

    private static ChatFailure refused(int status, Reason reason, String message) {
        return new ChatFailure(ChatError.of(status, reason, message));
    }
}
