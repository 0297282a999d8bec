package io.sallyport.upstream.session;

import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.egress.EgressReply;
import io.sallyport.upstream.wire.AnswerBody;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.NotificationRelay;
import io.sallyport.upstream.wire.OutboundRequest;
import io.sallyport.upstream.wire.RpcMessage;
import io.sallyport.upstream.wire.RpcMessage.Notification;
import io.sallyport.upstream.wire.RpcMessage.ServerRequest;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads the answer to a posted request, whether it comes as JSON or on a stream. */
final class Answers {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final SessionWire wire;

    Answers(SessionWire wire) {
        this.wire = wire;
    }

    /** The answer to a request that was asked in {@code session}. */
    Mono<UpstreamReply> inSession(EgressReply reply, OutboundRequest asked, Session session) {
        var unknown = unknown(reply, session);
        if (unknown.isPresent()) {
            reply.discard();
            return Mono.error(unknown.get());
        }
        return read(reply, asked);
    }

    /** The same, for one that may be asked something before it is answered. */
    Mono<EgressReply> begun(EgressReply reply, Session session) {
        var broken =
                unknown(reply, session)
                        .or(() -> refusal(reply.status()).map(RuntimeException.class::cast));
        if (broken.isPresent()) {
            reply.discard();
            return Mono.error(broken.get());
        }
        return Mono.just(reply);
    }

    /**
     * Some servers say 400 for a session that they do not know. The request is not sent again,
     * because 400 does not prove that nobody looked at it; but the next one gets a new session.
     */
    private static Optional<RuntimeException> unknown(EgressReply reply, Session session) {
        if (!session.named()) {
            return Optional.empty();
        }
        return switch (reply.status()) {
            case NOT_FOUND -> Optional.of(new SessionGone(session));
            case BAD_REQUEST -> Optional.of(new SessionDoubtful(session));
            default -> Optional.empty();
        };
    }

    /** The answer to a request outside of any session. */
    Mono<UpstreamReply> read(EgressReply reply, OutboundRequest asked) {
        var refusal = refusal(reply.status());
        if (refusal.isPresent()) {
            reply.discard();
            return Mono.error(refusal.get());
        }
        return Resumption.isEvents(reply)
                ? new CallStream(wire, asked, Mono.just(reply), _ -> {}).first()
                : whole(reply, asked);
    }

    /** The answer that is no stream. */
    static Mono<UpstreamReply> whole(EgressReply reply, OutboundRequest asked) {
        if (McpHttp.isOfType(reply, "application/json")) {
            var hearing = new NotificationRelay(asked);
            return AnswerBody.whole(reply).map(body -> response(hearing.read(body, false), asked));
        }
        reply.discard();
        return Mono.error(new UpstreamException(UpstreamFailure.NOT_JSON, true));
    }

    private static Optional<UpstreamException> refusal(int status) {
        if (status == 200) {
            return Optional.empty();
        }
        return Optional.of(Faults.ofStatus(status));
    }

    private static UpstreamReply response(RpcMessage message, OutboundRequest asked) {
        return switch (message) {
            case RpcMessage.Response(var id, var reply) when id == asked.id() -> reply;
            case RpcMessage.Foreign(var failure) -> throw new UpstreamException(failure, true);
            case RpcMessage.Response _, ServerRequest _, Notification _ ->
                    throw new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
        };
    }
}
