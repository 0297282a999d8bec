package io.sallyport.identity;

import io.sallyport.error.ErrorBody;
import io.sallyport.error.Reason;
import io.sallyport.error.UnreadBody;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * The first thing that every request meets: Host and Origin, then the key. No route is reached
 * without it, whether the route exists or not.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class AuthenticationFilter implements WebFilter {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final String REQUEST_ID_HEADER = "x-request-id";

    private final Authenticator authenticator;
    private final HostRules hosts;
    private final CrossOrigin crossOrigin;
    private final PublicAddress address;
    private final AuthFailures failures;

    public AuthenticationFilter(
            Authenticator authenticator,
            HostRules hosts,
            PublicAddress address,
            AuthFailures failures) {
        this.authenticator = authenticator;
        this.hosts = hosts;
        crossOrigin = new CrossOrigin(hosts);
        this.address = address;
        this.failures = failures;
    }

    /** A refusal before any handler. */
    private record Refusal(int status, Reason reason, String sentence) {}

    private static final Refusal WITH_PARAMETERS =
            new Refusal(400, Reason.INVALID_REQUEST, "A path has no parameters (;) here.");
    private static final Refusal NOT_FOUND = new Refusal(404, Reason.NOT_FOUND, "Not found.");

    @Override
    public Mono<Void> filter(ServerWebExchange received, WebFilterChain chain) {
        var exchange = UnreadBody.guard(received);
        var requestId = requestId(exchange.getRequest().getHeaders());
        exchange.getResponse().getHeaders().set(REQUEST_ID_HEADER, requestId);
        crossOrigin.permit(exchange);
        var misdirected = hosts.refuses(exchange.getRequest().getHeaders());
        if (misdirected.isPresent()) {
            var found = misdirected.get();
            return refuse(exchange, new Refusal(found.status(), found.reason(), found.sentence()));
        }
        if (crossOrigin.isPreflight(exchange)) {
            return crossOrigin.answer(exchange);
        }
        return Routes.isPublic(exchange.getRequest().getPath().value())
                ? spelt(exchange, chain)
                : authenticated(exchange, chain, requestId);
    }

    /** A request that may pass, if its path is the one spelling of a route. */
    private static Mono<Void> spelt(ServerWebExchange exchange, WebFilterChain chain) {
        return switch (Routes.misspelling(exchange.getRequest().getPath().value())) {
            case PARAMETERS -> refuse(exchange, WITH_PARAMETERS);
            case ENCODED -> refuse(exchange, NOT_FOUND);
            case NONE -> chain.filter(exchange);
        };
    }

    private static String requestId(HttpHeaders headers) {
        return Optional.ofNullable(headers.getFirst(REQUEST_ID_HEADER))
                .filter(it -> REQUEST_ID.matcher(it).matches())
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    private Mono<Void> authenticated(
            ServerWebExchange exchange, WebFilterChain chain, String requestId) {
        return switch (judge(exchange.getRequest().getHeaders())) {
            case Authenticator.Outcome.Known(var key) ->
                    admitted(exchange, chain, new Caller(key, requestId));
            case Authenticator.Outcome.Missing() -> unauthenticated(exchange, "missing");
            case Authenticator.Outcome.Invalid() -> unauthenticated(exchange, "invalid");
        };
    }

    /** Two credentials are none: nobody can tell which of them another server would take. */
    private Authenticator.Outcome judge(HttpHeaders headers) {
        var values = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
        return values.size() > 1
                ? new Authenticator.Outcome.Invalid()
                : authenticator.judge(values.stream().findFirst());
    }

    private static Mono<Void> admitted(
            ServerWebExchange exchange, WebFilterChain chain, Caller caller) {
        var path = Routes.matched(exchange.getRequest());
        if (!Routes.open(path).contains(caller.key().kind())) {
            return refuse(
                    exchange,
                    new Refusal(403, Reason.FORBIDDEN, "This key may not use this interface."));
        }
        caller.attachTo(exchange);
        return spelt(exchange, chain);
    }

    private Mono<Void> unauthenticated(ServerWebExchange exchange, String how) {
        var peer = exchange.getRequest().getRemoteAddress();
        failures.failed(peer == null ? "unknown" : peer.getAddress().getHostAddress(), how);
        var path = Routes.matched(exchange.getRequest());
        if (Routes.isBelow(path, "/mcp")) {
            exchange.getResponse()
                    .getHeaders()
                    .set(HttpHeaders.WWW_AUTHENTICATE, challenge(exchange, how));
        }
        var reason = Routes.isBelow(path, "/v1") ? Reason.INVALID_API_KEY : Reason.INVALID_TOKEN;
        return refuse(exchange, new Refusal(401, reason, "A valid API key is required."));
    }

    /** RFC 6750, section 3, with the metadata pointer of RFC 9728, section 5.1. */
    private String challenge(ServerWebExchange exchange, String how) {
        var path = exchange.getRequest().getURI().getRawPath();
        var metadata = address.base(exchange.getRequest()) + MetadataRoutes.PATH + path;
        var error = how.equals("missing") ? "" : "error=\"invalid_token\", ";
        return "Bearer " + error + "resource_metadata=\"" + metadata + "\"";
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, Refusal refusal) {
        return ErrorBody.write(exchange, refusal.status(), refusal.reason(), refusal.sentence());
    }
}
