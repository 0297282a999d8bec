package io.sallyport.error;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Reads away the body of a request that is refused without looking at it. Left unread, it would
 * stand before the next request on the same connection.
 */
public final class UnreadBody {
    /** More than a refused request of an honest client has. */
    private static final long MAX_REST = 1024L * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private UnreadBody() {}

    /**
     * Completes when the body is gone; one that is long or slow costs its sender the connection.
     */
    public static Mono<Void> discard(ServerWebExchange exchange) {
        var headers = exchange.getRequest().getHeaders();
        var hasBody =
                headers.getContentLength() > 0
                        || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null;
        return hasBody ? rest(exchange) : Mono.empty();
    }

    private static Mono<Void> rest(ServerWebExchange exchange) {
        var read = new AtomicLong();
        return exchange.getRequest()
                .getBody()
                .doOnNext(it -> drop(it, read))
                .then()
                .timeout(PATIENCE)
                .onErrorResume(_ -> hangUp(exchange));
    }

    private static void drop(DataBuffer buffer, AtomicLong read) {
        var sum = read.addAndGet(buffer.readableByteCount());
        DataBufferUtils.release(buffer);
        if (sum > MAX_REST) {
            throw new IllegalStateException("too much to read away");
        }
    }

    private static Mono<Void> hangUp(ServerWebExchange exchange) {
        return Mono.fromRunnable(
                () -> exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close"));
    }
}
