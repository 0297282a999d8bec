package io.sallyport.edge;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/** A request whose body has been judged and read; handlers find it there at once. */
public final class WholeRequest extends ServerHttpRequestDecorator {
    private static final String BODY = WholeRequest.class.getName();
    private static final byte[] NOTHING = new byte[0];

    private final byte[] body;

    private WholeRequest(ServerHttpRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    static ServerWebExchange with(ServerWebExchange exchange, byte[] body) {
        exchange.getAttributes().put(BODY, body);
        return exchange.mutate().request(new WholeRequest(exchange.getRequest(), body)).build();
    }

    /**
     * The body: within the limits, of a type that is accepted, not encoded; empty if there is none.
     * Not a copy: it must not be changed.
     */
    public static byte[] body(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(BODY, NOTHING);
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
    }
}
