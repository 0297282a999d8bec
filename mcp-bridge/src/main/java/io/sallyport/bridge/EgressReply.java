package io.sallyport.bridge;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The head of an answer, its body still on the wire. Exactly one of {@link #body}, {@link #bytes}
 * and {@link #discard} is used, once; if none is, the connection is closed when the request's time
 * is over. The body fails with an {@link EgressFailure} and nothing else.
 */
public interface EgressReply {
    int status();

    /** The first header of that name, in any case. */
    Optional<String> header(String name);

    /** The body as it comes; cancelling closes the connection. */
    Flux<byte[]> body();

    /** The whole body. */
    Mono<byte[]> bytes();

    /** From now on the body may take that long, whatever the request's timeout was. */
    void allow(Duration time);

    /** Drops the body and closes the connection. */
    void discard();
}
