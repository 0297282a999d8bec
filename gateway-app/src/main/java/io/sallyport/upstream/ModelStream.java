package io.sallyport.upstream;

import reactor.core.publisher.Flux;

/** An answer that the provider accepted to stream. Exactly one of the methods is used, once. */
public interface ModelStream {
    /** What ends the stream of events. */
    String DONE = "[DONE]";

    /**
     * The payload of each event in order, {@link #DONE} last. A stream that ends without it was cut
     * by the provider. Fails with a {@link ModelFailure} and nothing else; cancelling closes the
     * connection.
     */
    Flux<String> events();

    /** Closes the connection without reading. */
    void discard();
}
