package io.sallyport.policy;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a lenient server may read in a URI: it looks at the path only, takes no notice of a slash at
 * the end or of parameters in a segment, or reads a plus as a space.
 */
final class UriReadings {
    private static final String SPACE = "%20";

    private UriReadings() {}

    /** The texts, the URI's own first. */
    static Set<String> of(UriParts uri) {
        return Stream.of(uri, uri.plain())
                .flatMap(UriReadings::queries)
                .flatMap(UriReadings::paths)
                .map(UriParts::text)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Stream<UriParts> queries(UriParts uri) {
        return uri.query().isEmpty()
                ? Stream.of(uri)
                : Stream.of(
                        uri,
                        withQuery(uri, uri.query().map(it -> it.replace("+", SPACE))),
                        withQuery(uri, uri.query().map(it -> it.replace(SPACE, "+"))),
                        withQuery(uri, Optional.empty()));
    }

    private static UriParts withQuery(UriParts uri, Optional<String> query) {
        return new UriParts(uri.scheme(), uri.authority(), uri.path(), query, uri.fragment());
    }

    private static UriParts withPath(UriParts uri, String path) {
        return new UriParts(uri.scheme(), uri.authority(), path, uri.query(), uri.fragment());
    }

    private static Stream<UriParts> paths(UriParts uri) {
        var path = uri.path();
        var plain = withoutParameters(path);
        return Stream.of(path, withoutSlash(path), plain, withoutSlash(plain))
                .map(it -> withPath(uri, it));
    }

    /** Without parameters in its segments (RFC 3986, 3.3) and without a slash at the end. */
    static String bare(String path) {
        return withoutSlash(withoutParameters(path));
    }

    private static String withoutSlash(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static String withoutParameters(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(UriReadings::withoutParameter)
                .collect(Collectors.joining("/"));
    }

    private static String withoutParameter(String segment) {
        int semicolon = segment.indexOf(';');
        return semicolon < 0 ? segment : segment.substring(0, semicolon);
    }
}
