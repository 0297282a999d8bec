package io.sallyport.egress;

/**
 * Where a URL leads, whatever its path: what a secret was given for. Two spellings of one place are
 * equal: upper case, a port that is the scheme's own, an IPv6 address written out.
 *
 * @param host a name in lower case, or an address in one form
 */
public record Origin(String scheme, String host, int port) {
    /**
     * The origin of a URL.
     *
     * @throws IllegalArgumentException if {@link EgressUrl} does not accept it
     */
    public static Origin of(String url) {
        return switch (EgressUrl.read(url)) {
            case EgressUrl.Reading.Accepted(var uri) -> UrlText.origin(uri);
            case EgressUrl.Reading.Refused _ ->
                    throw new IllegalArgumentException("not a URL to connect to");
        };
    }

    /** As records show it. */
    @Override
    public String toString() {
        return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
