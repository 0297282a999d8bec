package io.sallyport.egress;

import io.sallyport.catalog.EgressTerms;
import java.net.URI;

/**
 * Where a request goes and what was permitted for it.
 *
 * @param pool key of the connection pool, for example {@code tenant/server}; destinations of
 *     different pools never share a connection
 * @param uri as {@link EgressUrl} accepts it
 * @param terms what is permitted beyond public addresses and TLS, and who vouches for the server;
 *     its exceptions are of the form {@link #isException} takes, its certificates those of a {@link
 *     CaBundle}
 * @param loopbackHttp whether plain http is permitted to loopback addresses (development); the
 *     address needs its exception all the same
 * @param patient whether answers may be open for minutes; such connections are counted apart, so
 *     that they keep no other request waiting
 */
public record Destination(
        String pool, URI uri, EgressTerms terms, boolean loopbackHttp, boolean patient) {
    /** For answers that come soon. */
    public Destination(String pool, URI uri, EgressTerms terms, boolean loopbackHttp) {
        this(pool, uri, terms, loopbackHttp, false);
    }

    public Destination {
        if (!(EgressUrl.read(uri.toString()) instanceof EgressUrl.Reading.Accepted)) {
            throw new IllegalArgumentException("not a URL to connect to");
        }
        terms.allow().forEach(AddressException::parse);
    }

    /** Whose requests go there: a pool's name begins with its tenant's. */
    public String tenant() {
        return pool.substring(0, Math.max(pool.indexOf('/'), 0));
    }

    /** The same for answers that may be open for minutes. */
    public Destination patiently() {
        return new Destination(pool, uri, terms, loopbackHttp, true);
    }

    /** Whether {@code text} has the form {@code CIDR:port} of an exception. */
    public static boolean isException(String text) {
        return AddressException.isValid(text);
    }

    /** The pool only: paths and queries may carry secrets. */
    @Override
    public String toString() {
        return pool;
    }
}
