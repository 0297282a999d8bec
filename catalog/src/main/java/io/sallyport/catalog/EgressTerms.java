package io.sallyport.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * What a platform admin permits on the way to one server or model provider, and whose certificates
 * are taken there.
 *
 * @param allow addresses that may be dialled although they are not public, as {@code CIDR:port}
 * @param plainHttp whether those addresses may be spoken to without TLS; a public address never may
 * @param plainHttpCredential whether a credential may be sent to them without TLS
 * @param caBundle the only certificates that vouch for the server, as PEM; empty for those that
 *     vouch for every server
 */
public record EgressTerms(
        List<String> allow, boolean plainHttp, boolean plainHttpCredential, String caBundle) {
    /** Public addresses and TLS only. */
    public static final EgressTerms NONE = new EgressTerms(List.of(), false, false, "");

    public EgressTerms {
        allow = List.copyOf(allow);
    }

    /** Exceptions for addresses, and nothing else. */
    public static EgressTerms allowing(List<String> allow) {
        return new EgressTerms(allow, false, false, "");
    }

    /** What is permitted beyond exceptions for addresses, a word each, for records. */
    public List<String> words() {
        var words = new ArrayList<String>();
        if (plainHttp) {
            words.add("plain_http");
        }
        if (plainHttpCredential) {
            words.add("plain_http_credential");
        }
        if (!caBundle.isEmpty()) {
            words.add("ca_bundle");
        }
        return words;
    }
}
