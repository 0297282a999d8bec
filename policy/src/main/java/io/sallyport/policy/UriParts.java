package io.sallyport.policy;

import java.util.Optional;

/**
 * A URI, cut where its delimiters stand (RFC 3986, 3). Nothing is decoded or judged: any text has
 * parts.
 *
 * @param scheme empty if there is no colon
 */
record UriParts(
        String scheme,
        Optional<String> authority,
        String path,
        Optional<String> query,
        Optional<String> fragment) {
    static UriParts of(String uri) {
        var fragment = Cut.at(uri, '#');
        var query = Cut.at(fragment.before(), '?');
        int colon = query.before().indexOf(':');
        var rest = query.before().substring(colon + 1);
        int path = endOfAuthority(rest);
        return new UriParts(
                uri.substring(0, Math.max(colon, 0)),
                path == 0 ? Optional.empty() : Optional.of(rest.substring(2, path)),
                rest.substring(path),
                query.after(),
                fragment.after());
    }

    /** The same with what need not be encoded in path and query as it is. */
    UriParts plain() {
        return new UriParts(
                scheme,
                authority,
                UriCharacters.PATH.plain(path),
                query.map(UriCharacters.QUERY::plain),
                fragment);
    }

    String text() {
        return scheme
                + ":"
                + authority.map(it -> "//" + it).orElse("")
                + path
                + query.map(it -> "?" + it).orElse("")
                + fragment.map(it -> "#" + it).orElse("");
    }

    private static int endOfAuthority(String rest) {
        if (!rest.startsWith("//")) {
            return 0;
        }
        int slash = rest.indexOf('/', 2);
        return slash < 0 ? rest.length() : slash;
    }

    private record Cut(String before, Optional<String> after) {
        static Cut at(String text, char delimiter) {
            int found = text.indexOf(delimiter);
            return found < 0
                    ? new Cut(text, Optional.empty())
                    : new Cut(text.substring(0, found), Optional.of(text.substring(found + 1)));
        }
    }
}
