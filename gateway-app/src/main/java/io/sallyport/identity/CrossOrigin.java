package io.sallyport.identity;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets pages of listed origins, and of no others, read what the agents' interfaces answer (Fetch,
 * CORS protocol). Nothing of {@code /admin} ever, and never with cookies: there are none.
 */
final class CrossOrigin {
    private static final List<String> READABLE =
            List.of(
                    "mcp-session-id",
                    "retry-after",
                    "www-authenticate",
                    "x-request-id",
                    "x-should-retry");

    private static final String OUR_HEADERS = "x-sallyport-";

    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    /** Names of headers that one preflight may ask for. */
    private static final int MOST_NAMES = 64;

    /** For how many seconds a browser may remember a preflight: as long as the strictest does. */
    private static final long REMEMBERED = 600;

    private final HostRules hosts;

    CrossOrigin(HostRules hosts) {
        this.hosts = hosts;
    }

    /** Says who may read the answer, whatever it will be: a refusal is read too. */
    void permit(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        if (!isOffered(request)) {
            return;
        }
        var headers = exchange.getResponse().getHeaders();
        headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (isListed(request)) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin(request));
            exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> expose(headers)));
        }
    }

    private static void expose(HttpHeaders headers) {
        var ours =
                headers.headerNames().stream()
                        .map(it -> it.toLowerCase(Locale.ROOT))
                        .filter(it -> it.startsWith(OUR_HEADERS));
        headers.set(
                HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
                Stream.concat(READABLE.stream(), ours).collect(Collectors.joining(", ")));
    }

    private static boolean isOffered(ServerHttpRequest request) {
        var path = request.getPath().value();
        return Routes.isBelow(path, "/mcp")
                || Routes.isBelow(path, "/v1")
                || Routes.isBelow(path, MetadataRoutes.PATH);
    }

    private boolean isListed(ServerHttpRequest request) {
        return hosts.isListed(origin(request));
    }

    /** Two origins, like none, are on no list. */
    private static String origin(ServerHttpRequest request) {
        var origins = request.getHeaders().getOrEmpty(HttpHeaders.ORIGIN);
        return origins.size() == 1 ? origins.getFirst() : "";
    }

    /** Whether a browser asks for a page of a listed origin what it may send. It has no key yet. */
    boolean isPreflight(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        return HttpMethod.OPTIONS.equals(request.getMethod())
                && request.getHeaders().containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                && isOffered(request)
                && isListed(request);
    }

    Mono<Void> answer(ServerWebExchange exchange) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatus.NO_CONTENT);
        var headers = response.getHeaders();
        headers.add(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE");
        headers.setAccessControlMaxAge(REMEMBERED);
        var asked = names(exchange.getRequest().getHeaders());
        if (!asked.isEmpty()) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, asked);
        }
        return response.setComplete();
    }

    /** Every header may be sent: what we do not know means nothing here. */
    private static String names(HttpHeaders headers) {
        return headers.getOrEmpty(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS).stream()
                .flatMap(COMMA::splitAsStream)
                .map(it -> it.strip().toLowerCase(Locale.ROOT))
                .filter(it -> NAME.matcher(it).matches())
                .distinct()
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
    }
}
