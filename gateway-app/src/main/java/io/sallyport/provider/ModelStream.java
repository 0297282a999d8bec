package io.sallyport.provider;

import io.sallyport.egress.LongAnswers;
import reactor.core.publisher.Flux;

/** An answer that the provider accepted to stream. Exactly one of the methods is used, once. */
public interface ModelStream {
    /** What ends the stream of events. */
    String DONE = "[DONE]";

    /**
     * The payload of each event in order, {@link #DONE} last if the provider said so. Ends without
     * it if the connection was closed where the body's framing told its end; whether the answer was
     * whole then is the reader's to judge. Fails with a {@link ModelFailure} and nothing else, for
     * a body that was cut or tells of an error too; cancelling closes the connection.
     *
     * <p>A payload over {@link LongAnswers#SHORT_BYTES} comes on a thread that it may hold up, and
     * has not been read: {@link ModelFailure#requireNone} says whether it tells of an error.
     */
    Flux<String> events();

    /** Closes the connection without reading. */
    void discard();
}
