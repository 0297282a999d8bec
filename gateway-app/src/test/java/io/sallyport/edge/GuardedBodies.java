package io.sallyport.edge;

import io.sallyport.bridge.ByteBudget;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.web.server.WebFilter;

/** Lets tests of other packages have bodies read as the gateway reads them. */
public final class GuardedBodies {
    private GuardedBodies() {}

    /** Read, but not judged: for what a handler says of a body that no guard has seen. */
    public static WebFilter unjudged() {
        return (exchange, chain) ->
                DataBufferUtils.join(exchange.getRequest().getBody())
                        .map(GuardedBodies::bytes)
                        .defaultIfEmpty(new byte[0])
                        .flatMap(it -> chain.filter(WholeRequest.with(exchange, it)));
    }

    private static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    public static WebFilter within(ByteBudget budget) {
        return new RequestGuard((_, _, _) -> {}, budget, Duration.ofSeconds(20));
    }
}
