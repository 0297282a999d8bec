package io.sallyport.identity;

import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Which kinds of key may use which part of the surface. Everything that is not public needs one.
 */
final class Routes {
    private static final Set<String> PUBLIC = Set.of("/", "/livez", "/readyz");

    private static final Set<KeyKind> AGENTS = Set.of(KeyKind.AGENT);
    private static final Set<KeyKind> STAFF =
            Set.of(KeyKind.ADMIN, KeyKind.APPROVER, KeyKind.AUDITOR);
    private static final Set<KeyKind> EVERYONE = Set.of(KeyKind.values());

    private Routes() {}

    /**
     * The path as the router matches it: segments decoded, without their parameters. Judging
     * another spelling than the one that is routed would leave a way around.
     */
    static String matched(ServerHttpRequest request) {
        var path = new StringBuilder();
        for (var element : request.getPath().pathWithinApplication().elements()) {
            path.append(
                    element instanceof PathContainer.PathSegment segment
                            ? segment.valueToMatch()
                            : element.value());
        }
        return path.toString();
    }

    /** How a path that is no spelling of a route is wrong. */
    enum Misspelling {
        NONE,
        /** A segment has parameters, which no route knows. */
        PARAMETERS,
        /** It writes what needs no encoding with one. */
        ENCODED
    }

    /**
     * A route has one spelling, so that whatever stands before the gateway and judges paths judges
     * the one that is served (RFC 3986, section 6.2.2.2).
     *
     * @param path as it came
     */
    static Misspelling misspelling(String path) {
        if (path.indexOf(';') >= 0) {
            return Misspelling.PARAMETERS;
        }
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (isUnreserved(decoded(path, at))) {
                return Misspelling.ENCODED;
            }
        }
        return Misspelling.NONE;
    }

    /** The byte that is encoded there; negative if none is. */
    private static int decoded(String path, int at) {
        if (at + 2 >= path.length()) {
            return -1;
        }
        var high = Character.digit(path.charAt(at + 1), 16);
        var low = Character.digit(path.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean isUnreserved(int octet) {
        return octet >= 'a' && octet <= 'z'
                || octet >= 'A' && octet <= 'Z'
                || octet >= '0' && octet <= '9'
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }

    static boolean isPublic(String path) {
        return PUBLIC.contains(path) || isBelow(path, MetadataRoutes.PATH);
    }

    /** The kinds that a path is open to; an unknown path is open to all and answers 404. */
    static Set<KeyKind> open(String path) {
        if (path.equals("/v1/me")) {
            return EVERYONE;
        }
        if (isBelow(path, "/v1") || isBelow(path, "/mcp")) {
            return AGENTS;
        }
        return isBelow(path, "/admin") ? STAFF : EVERYONE;
    }

    static boolean isBelow(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
