package io.sallyport.identity;

import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Which kinds of key may use which part of the surface. Everything that is not public needs one.
 */
final class Routes {
    private static final Set<String> PUBLIC = Set.of("/livez", "/readyz");

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
