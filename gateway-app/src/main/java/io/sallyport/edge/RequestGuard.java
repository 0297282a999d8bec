package io.sallyport.edge;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.edge.BodyReader.Reading;
import io.sallyport.error.ErrorBody;
import io.sallyport.error.Reason;
import io.sallyport.error.UnreadBody;
import io.sallyport.identity.Caller;
import io.sallyport.recording.Rejections;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Stands behind authentication and before every handler, whether the route exists or not: takes the
 * methods that we know, and reads the body. A handler never waits for a client.
 *
 * <p>A body without a key is judged by its headers and never kept: nothing that is open to all
 * takes one.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // after authentication, which attaches the caller
final class RequestGuard implements WebFilter {
    /** No OPTIONS: the framework would answer a browser's preflight for routes it has not found. */
    private static final Set<HttpMethod> METHODS =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE);

    /** In seconds: bodies are read and worked on in less, unless a run holds them. */
    private static final String RETRY_AFTER = "2";

    private static final Refusal EXPECTATION =
            new Refusal(417, Reason.INVALID_REQUEST, "Only 100-continue may be expected.");

    private final Rejections rejections;
    private final ByteBudget budget;
    private final Duration bodyTimeout;

    RequestGuard(Rejections rejections, ByteBudget budget, Duration bodyTimeout) {
        this.rejections = rejections;
        this.budget = budget;
        this.bodyTimeout = bodyTimeout;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        Caller.find(exchange).ifPresent(it -> UnreadAnswers.expect(exchange.getResponse(), it));
        if (!METHODS.contains(request.getMethod())) {
            return Mono.error(new ResponseStatusException(HttpStatus.METHOD_NOT_ALLOWED));
        }
        if (!UnreadBody.isExpected(request.getHeaders())) {
            return chain.filter(exchange);
        }
        var rules = BodyRules.of(request.getPath().value());
        return expectation(request.getHeaders())
                .or(() -> rules.refuses(request.getHeaders()))
                .map(it -> refuse(exchange, it))
                .or(() -> Caller.find(exchange).map(it -> read(exchange, chain, it)))
                .orElseGet(() -> chain.filter(exchange));
    }

    private static Optional<Refusal> expectation(HttpHeaders headers) {
        var expected = headers.getFirst(HttpHeaders.EXPECT);
        return expected == null || expected.equalsIgnoreCase("100-continue")
                ? Optional.empty()
                : Optional.of(EXPECTATION);
    }

    private Mono<Void> read(ServerWebExchange exchange, WebFilterChain chain, Caller caller) {
        var held = HeldBody.begin(budget, exchange, caller);
        var maxBytes = BodyRules.of(exchange.getRequest().getPath().value()).maxBytes();
        return BodyReader.read(exchange.getRequest(), maxBytes, bodyTimeout, held)
                .flatMap(it -> proceed(exchange, chain, it))
                .doFinally(_ -> held.release());
    }

    private Mono<Void> proceed(ServerWebExchange exchange, WebFilterChain chain, Reading reading) {
        return switch (reading) {
            case Reading.Whole(var bytes) -> chain.filter(WholeRequest.with(exchange, bytes));
            case Reading.Refused(var refusal) -> refuse(exchange, refusal);
        };
    }

    private Mono<Void> refuse(ServerWebExchange exchange, Refusal refusal) {
        var path = exchange.getRequest().getPath().value();
        Caller.find(exchange)
                .ifPresent(it ->
                        rejections.rejected(it, ErrorBody.face(path), refusal.reason().code()));
        if (refusal.status() == 503) {
            exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        return ErrorBody.write(exchange, refusal.status(), refusal.reason(), refusal.sentence());
    }
}
