package io.sallyport.edge;

import io.sallyport.error.RouteTable;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Hands a request to the routes of its path. The framework's dispatcher would ask every mapping and
 * every route before them, and each that is asked stays a station of the request to its end; it is
 * left what is below none of our paths.
 */
@Order(Ordered.LOWEST_PRECEDENCE) // after all that stands before a handler
final class DirectRoutes implements WebFilter {
    private final RouteTable routes;
    private final List<HttpMessageReader<?>> readers;
    private final ServerResponse.Context writing;

    DirectRoutes(RouteTable routes, ServerCodecConfigurer codecs) {
        this.routes = routes;
        readers = codecs.getReaders();
        writing = new Writing(codecs.getWriters(), List.of());
    }

    private record Writing(
            List<HttpMessageWriter<?>> messageWriters, List<ViewResolver> viewResolvers)
            implements ServerResponse.Context {}

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return routes.of(exchange.getRequest().getPath())
                .map(it -> handled(it, exchange))
                .orElseGet(() -> chain.filter(exchange));
    }

    private Mono<Void> handled(RouterFunction<?> function, ServerWebExchange exchange) {
        var request = ServerRequest.create(exchange, readers);
        return function.route(request)
                .switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)))
                .flatMap(it -> it.handle(request))
                .flatMap(it -> it.writeTo(exchange, writing));
    }
}
