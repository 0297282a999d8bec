package io.sallyport.identity;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Stands where authentication stands: every request comes from one caller. */
public record AttachedCaller(Caller caller) implements WebFilter {
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        caller.attachTo(exchange);
        return chain.filter(exchange);
    }
}
