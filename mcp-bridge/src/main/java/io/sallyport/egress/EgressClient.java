package io.sallyport.egress;

import reactor.core.publisher.Mono;

/**
 * The one client for everything that leaves this process. Every address is judged at the moment it
 * is dialled, and the judged address is the dialled one. HTTP/1.1, no redirects followed, no proxy,
 * no compression asked for, no request ever sent twice.
 */
public interface EgressClient extends AutoCloseable {
    /** Sends on subscription; fails with an {@link EgressFailure} and nothing else. */
    Mono<EgressReply> send(EgressRequest request);

    /** Resolves and judges without connecting; never fails. */
    Mono<EgressVerdict> judge(Destination destination);

    /** Closes the connections of that pool, for a server that was removed or changed. */
    void forget(String pool);

    @Override
    void close();
}
