package io.sallyport.egress;

import java.net.URI;

/**
 * The strict form of a URL that this process may be told to connect to: {@code http} or {@code
 * https}, a lower-cased DNS name, dotted quad or bracketed IPv6 address, an optional port from 1 to
 * 65535, path and query; at most 2 048 characters. No user information, fragment, backslash, white
 * space, percent sign in the authority, trailing dot, or number that other parsers read as an
 * address.
 */
public final class EgressUrl {
    private EgressUrl() {}

    /** Reads {@code text}; nothing is resolved, and scheme and address are not yet judged. */
    public static Reading read(String text) {
        return UrlText.read(text);
    }

    /** What a text is. */
    public sealed interface Reading {
        /** A well-formed URL, scheme and host in lower case. */
        record Accepted(URI uri) implements Reading {}

        /** Not one. */
        record Refused(EgressRefusal refusal) implements Reading {}
    }
}
