package io.sallyport.edge;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.sallyport.identity.Caller;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerResponse;

/**
 * How many answers wait for a client that does not take them, by key, or by address where no key is
 * known. Each holds a run and what waits in buffers.
 */
final class UnreadAnswers {
    private static final AttributeKey<String> READER = AttributeKey.valueOf("sallyport.reader");

    private final int most;
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

    UnreadAnswers(int most) {
        this.most = most;
    }

    /** From now on what is written on this connection is for {@code caller}. */
    static void expect(ServerHttpResponse response, Caller caller) {
        if (ServerHttpResponseDecorator.getNativeResponse(response)
                instanceof HttpServerResponse wire) {
            wire.withConnection(it -> it.channel().attr(READER).set(caller.key().id()));
        }
    }

    /** For whom the connection's answers are. */
    String reader(Channel channel) {
        var reader = channel.attr(READER).get();
        if (reader != null) {
            return reader;
        }
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "unknown";
    }

    /** Whether one more may wait, and then does. */
    boolean take(String reader) {
        var now = waiting.merge(reader, 1, Integer::sum);
        if (now > most) {
            giveBack(reader);
        }
        return now <= most;
    }

    void giveBack(String reader) {
        waiting.computeIfPresent(reader, (_, now) -> now > 1 ? now - 1 : null);
    }
}
