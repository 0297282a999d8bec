package io.sallyport.chat;

import io.sallyport.error.Reason;
import java.util.Locale;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Reads the body of a request, bounded, as it is. */
final class RequestBody {
    /** Images travel inside of messages. */
    static final int MAX_BYTES = 20 * 1024 * 1024;

    private RequestBody() {}

    /** The bytes, or a {@link ChatFailure}. */
    static Mono<byte[]> read(ServerHttpRequest request) {
        var headers = request.getHeaders();
        if (isEncoded(headers)) {
            return refuse(415, Reason.UNSUPPORTED_CONTENT_ENCODING, "Send the body unencoded.");
        }
        if (!isJson(headers)) {
            return refuse(415, Reason.UNSUPPORTED_MEDIA_TYPE, "Send application/json.");
        }
        if (headers.getContentLength() > MAX_BYTES) {
            return Mono.error(RequestBody::tooLarge);
        }
        return DataBufferUtils.join(request.getBody(), MAX_BYTES)
                .map(RequestBody::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge());
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

    private static byte[] bytes(DataBuffer buffer) {
        try {
            var bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private static ChatFailure tooLarge() {
        return new ChatFailure(
                ChatError.of(413, Reason.BODY_TOO_LARGE, "The body is larger than 20 MiB."));
    }

    private static Mono<byte[]> refuse(int status, Reason reason, String message) {
        return Mono.error(() -> new ChatFailure(ChatError.of(status, reason, message)));
    }
}
