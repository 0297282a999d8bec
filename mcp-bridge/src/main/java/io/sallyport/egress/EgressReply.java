package io.sallyport.egress;

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

    /**
     * The value of the headers of that name, in any case. What a proxy has doubled is one; several
     * that differ are one text with commas between them (RFC 9110, section 5.3).
     */
    Optional<String> header(String name);

    /** The body as it comes; cancelling closes the connection. */
    Flux<byte[]> body();

    /** The whole body. */
    Mono<byte[]> bytes();

    /** Whose request it answers. */
    String tenant();

    /** Counts what of the body is kept in memory; {@link #bytes} does so by itself. */
    Keeper keeper();

    /** The count of what one reader of an answer keeps. */
    interface Keeper {
        /**
         * @throws EgressFailure.Overloaded if the tenant, or all together, keep too much
         */
        void add(long bytes);

        /** Nothing is kept any more. */
        void clear();

        /** The same, and nothing will be. */
        void close();
    }

    /** From now on the body may take that long, whatever the request's timeout was. */
    void allow(Duration time);

    /** Drops the body and closes the connection. */
    void discard();
}
