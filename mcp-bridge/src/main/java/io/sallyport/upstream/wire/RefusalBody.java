package io.sallyport.upstream.wire;

import io.sallyport.bridge.UpstreamReply;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressReply;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The body of an answer whose status says that the request failed. A JSON-RPC error in it is what
 * the server answered; without one there is the status and nothing else.
 */
public final class RefusalBody {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /** The status is known, so nobody waits long for what goes with it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private RefusalBody() {}

    /** Whether there may be an error in it; where our credential is refused nothing else counts. */
    public static boolean mayHaveError(EgressReply reply) {
        int status = reply.status();
        return status >= 400
                && status != UNAUTHORIZED
                && status != FORBIDDEN
                && McpHttp.isOfType(reply, "application/json");
    }

    /** The error that answers exactly this request; empty if none comes whole and soon. */
    public static Mono<UpstreamReply> ofOurs(EgressReply reply, OutboundRequest asked) {
        return read(reply, asked, body -> ours(body, asked));
    }

    /** The same, whatever id it names. */
    public static Mono<UpstreamReply> ofAny(EgressReply reply, OutboundRequest asked) {
        return read(reply, asked, RpcMessage::refusal);
    }

    private static Mono<UpstreamReply> read(
            EgressReply reply,
            OutboundRequest asked,
            Function<byte[], Optional<UpstreamReply>> error) {
        return reply.bytes()
                .take(PATIENCE)
                .onErrorComplete(EgressFailure.class)
                .doOnNext(new NotificationRelay(asked)::requireRoom)
                .flatMap(body -> Mono.justOrEmpty(error.apply(body)));
    }

    private static Optional<UpstreamReply> ours(byte[] body, OutboundRequest asked) {
        return RpcMessage.each(body, false, asked.mayHaveBatches()).stream()
                .flatMap(it -> ours(it, asked).stream())
                .findFirst()
                .filter(UpstreamReply.RpcError.class::isInstance);
    }

    private static Optional<UpstreamReply> ours(RpcMessage message, OutboundRequest asked) {
        return message instanceof RpcMessage.Response(var id, var reply) && id == asked.id()
                ? Optional.of(reply)
                : Optional.empty();
    }
}
