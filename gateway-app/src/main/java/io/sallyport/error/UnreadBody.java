package io.sallyport.error;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Keeps what one request leaves unread away from the next one on its connection, which would
 * otherwise wait for a body that never comes. A short rest is read away before the answer goes out,
 * so that a client that is still sending gets it; after a long one the connection is closed.
 *
 * <p>This goes for requests without a body too. Their end comes as a message of its own, and
 * Reactor Netty 1.3.7 forgets to read on where it hands over a request that had to wait on its
 * connection and the answer goes out before that message:
 * https://github.com/reactor/reactor-netty/issues/4361
 */
public final class UnreadBody extends ServerHttpRequestDecorator {
    /** More than a refused request of an honest client has. */
    private static final int MAX_REST = 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicBoolean ended = new AtomicBoolean();

    private UnreadBody(ServerHttpRequest request) {
        super(request);
    }

    /**
     * The same exchange, which takes care of its body before its answer is written, whatever writes
     * it: a filter, a handler that needs no body, or the answer to an error.
     */
    public static ServerWebExchange guard(ServerWebExchange exchange) {
        var body = new UnreadBody(exchange.getRequest());
        exchange.getResponse().beforeCommit(() -> body.finish(exchange));
        return exchange.mutate().request(body).build();
    }

    /** Whether these headers announce a body. */
    public static boolean isExpected(HttpHeaders headers) {
        return headers.getContentLength() > 0
                || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    /** A body that is too long to read away, or that the client would send only if we asked. */
    private boolean isWorthReading() {
        var headers = getHeaders();
        return headers.getContentLength() <= MAX_REST
                && !headers.containsHeader(HttpHeaders.EXPECT);
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return super.getBody().doOnComplete(() -> ended.set(true));
    }

    /** Reads the rest; a body that was given up half-way cannot be read again and fails here. */
    private Mono<Void> finish(ServerWebExchange exchange) {
        if (ended.get()) {
            return Mono.empty();
        }
        return !isWorthReading()
                ? close(exchange)
                : rest().timeout(PATIENCE).onErrorResume(_ -> close(exchange));
    }

    private Mono<Void> rest() {
        return getBody()
                .map(UnreadBody::release)
                .scan(Integer::sum)
                .handle(UnreadBody::limit)
                .then();
    }

    private static int release(DataBuffer buffer) {
        var size = buffer.readableByteCount();
        DataBufferUtils.release(buffer);
        return size;
    }

    private static void limit(Integer read, SynchronousSink<Integer> sink) {
        if (read > MAX_REST) {
            sink.error(new IllegalStateException("too much to read away"));
        }
    }

    private static Mono<Void> close(ServerWebExchange exchange) {
        return Mono.fromRunnable(
                () -> exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close"));
    }
}
