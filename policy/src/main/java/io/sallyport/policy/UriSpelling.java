package io.sallyport.policy;

/** Tells whether a URI is written the one way in which what it names may be written. */
final class UriSpelling {
    private UriSpelling() {}

    /**
     * Judges what {@link ResourceUri#mayBeAskedFor} lets through, by the grammar of RFC 3986 and
     * the normal forms of its section 6.2. Time grows with the length only.
     */
    static boolean isTheOnlyOne(UriParts uri) {
        return uri.fragment().isEmpty()
                && hasAuthorityOfItsScheme(uri)
                && UriCharacters.PATH.spell(uri.path())
                && !uri.path().contains("//")
                && uri.query().map(UriSpelling::isQuery).orElse(true);
    }

    private static boolean isQuery(String query) {
        return !query.isEmpty() && UriCharacters.QUERY.spell(query);
    }

    private static boolean hasAuthorityOfItsScheme(UriParts uri) {
        var scheme = uri.scheme();
        return uri.authority()
                .map(it -> UriAuthority.isTheOnlySpelling(scheme, it) && hasPathAfter(it, uri))
                .orElseGet(() -> isWithoutAuthority(uri));
    }

    /** Where {@code x://host} and {@code x://host/} are one resource, one of them is refused. */
    private static boolean hasPathAfter(String authority, UriParts uri) {
        return authority.isEmpty() || UriAuthority.isNetwork(uri.scheme())
                ? !uri.path().isEmpty()
                : !uri.path().equals("/");
    }

    /** {@code file:/a} is {@code file:///a}, and lenient readers take https:host for a host. */
    private static boolean isWithoutAuthority(UriParts uri) {
        return !uri.path().startsWith("/")
                && !uri.scheme().equals("file")
                && !UriAuthority.isNetwork(uri.scheme());
    }
}
