package io.sallyport.edge;

import io.netty.channel.Channel;
import java.util.Optional;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;

/** Writes streams of events to clients. */
public final class EventWriter {
    private EventWriter() {}

    /**
     * Writes each frame when it comes; those that come together leave together. Whatever ends the
     * writing cancels {@code frames}: if the connection is lost before the head has left, the
     * server gives the body up without a word, and whoever makes it would wait for ever.
     *
     * @param ahead frames that may come beyond what the client takes; what does not come waits with
     *     whoever makes it, and counts there
     */
    public static Mono<Void> write(ServerHttpResponse response, Flux<byte[]> frames, int ahead) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            var buffers = response.bufferFactory();
            var body = frames.takeUntilOther(over.asMono()).<DataBuffer>map(buffers::wrap);
            return response.writeWith(paced(response, body, ahead))
                    .doFinally(_ -> over.tryEmitEmpty());
        });
    }

    private static Publisher<DataBuffer> paced(
            ServerHttpResponse response, Flux<DataBuffer> body, int ahead) {
        return wire(response)
                .map(it ->
                        body.transform(
                                Operators.<DataBuffer, DataBuffer>lift(
                                        (_, writer) -> new FramePace(writer, it, ahead))))
                .orElse(body);
    }

    private static Optional<Channel> wire(ServerHttpResponse response) {
        return ServerHttpResponseDecorator.getNativeResponse(response) instanceof Connection wire
                ? Optional.of(wire.channel())
                : Optional.empty();
    }
}
