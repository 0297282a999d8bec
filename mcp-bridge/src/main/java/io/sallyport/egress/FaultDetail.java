package io.sallyport.egress;

import io.sallyport.bridge.PeerText;
import io.sallyport.catalog.ShortText;

/**
 * What is known of a fault beyond its kind.
 *
 * @param status of the HTTP answer, 0 if there was none
 * @param words what the server says of it, empty if nothing: foreign text that {@link PeerText}
 *     renders before anybody reads it
 */
public record FaultDetail(Cause cause, int status, String words) {
    /** Longest words that are kept: more than the renderer looks at. */
    private static final int MAX_WORDS = 9 * 1024;

    public FaultDetail {
        words = ShortText.cut(words, MAX_WORDS);
    }

    /** Nothing more is known. */
    public static final FaultDetail NONE = new FaultDetail(Cause.OTHER, 0, "");

    /** What exactly it was, where that is worth telling. */
    public enum Cause {
        OTHER,
        /** The name has no address. */
        UNKNOWN_NAME,
        /** No TLS came about. */
        TLS,
        /** It speaks no revision that we do; the words are the one that it offers. */
        VERSION,
        /** A list has more pages, items or bytes than are read. */
        LIST_TOO_LARGE,
        /** With this list the tenant's servers would list more than a tenant may have. */
        CATALOGUE_FULL,
        /** A list is none. */
        NO_LIST,
        /** It answered with a JSON-RPC error; the words are its message. */
        RPC_ERROR
    }

    public static FaultDetail of(Cause cause) {
        return new FaultDetail(cause, 0, "");
    }

    public static FaultDetail of(Cause cause, String words) {
        return new FaultDetail(cause, 0, words);
    }

    public static FaultDetail ofStatus(int status, String words) {
        return new FaultDetail(Cause.OTHER, status, words);
    }

    /** The words are not for everybody. */
    @Override
    public String toString() {
        return cause + (status == 0 ? "" : " " + status);
    }
}
