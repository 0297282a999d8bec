package io.sallyport.edge;

import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Writes streams of events to clients. */
public final class EventWriter {
    private EventWriter() {}

    /**
     * Writes each frame when it comes; those that come together leave together, at most 128 of them
     * ahead of what the client takes. Whatever ends the writing cancels {@code frames}: if the
     * connection is lost before the head has left, the server gives the body up without a word, and
     * whoever makes it would wait for ever.
     */
    public static Mono<Void> write(ServerHttpResponse response, Flux<byte[]> frames) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            var buffers = response.bufferFactory();
            var body = frames.takeUntilOther(over.asMono()).map(buffers::wrap);
            return response.writeWith(body).doFinally(_ -> over.tryEmitEmpty());
        });
    }
}
