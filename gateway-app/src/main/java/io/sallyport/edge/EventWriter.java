package io.sallyport.edge;

import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Writes streams of events to clients. */
public final class EventWriter {
    private EventWriter() {}

    /**
     * Writes one frame a flush, never ahead of what the client takes. Whatever ends the writing
     * cancels {@code frames}: if the connection is lost before the head has left, the server gives
     * the body up without a word, and whoever makes it would wait for ever.
     */
    public static Mono<Void> write(ServerHttpResponse response, Flux<byte[]> frames) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            var buffers = response.bufferFactory();
            var body = frames.takeUntilOther(over.asMono()).map(buffers::wrap).map(Mono::just);
            return response.writeAndFlushWith(body).doFinally(_ -> over.tryEmitEmpty());
        });
    }
}
