package io.sallyport.bridge.session;

import io.sallyport.bridge.EgressReply;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.wire.Asked;
import io.sallyport.bridge.wire.RpcMessage;
import java.util.Locale;
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
    Mono<UpstreamReply> inSession(EgressReply reply, Asked asked, Session session) {
        if (reply.status() == NOT_FOUND && session.named()) {
            reply.discard();
            return Mono.error(new SessionGone(session));
        }
        return reply.status() == BAD_REQUEST && session.named()
                ? doubtful(reply, session)
                : read(reply, asked);
    }

    /**
     * Some servers say 400 for a session that they do not know. The request is not sent again,
     * because 400 does not prove that nobody looked at it; but the next one gets a new session.
     */
    private static Mono<UpstreamReply> doubtful(EgressReply reply, Session session) {
        reply.discard();
        return Mono.error(new SessionDoubtful(session));
    }

    /** The answer to a request outside of any session. */
    Mono<UpstreamReply> read(EgressReply reply, Asked asked) {
        var refusal = refusal(reply.status());
        if (refusal.isPresent()) {
            reply.discard();
            return Mono.error(refusal.get());
        }
        var type = reply.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/event-stream")) {
            return new CallStream(wire, asked, reply).first();
        }
        if (type.startsWith("application/json")) {
            return reply.bytes().map(body -> response(RpcMessage.read(body), asked));
        }
        reply.discard();
        return Mono.error(new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    private static Optional<UpstreamFault> refusal(int status) {
        if (status == 200) {
            return Optional.empty();
        }
        var isRedirect = status >= 300 && status < 400;
        var failure = isRedirect ? UpstreamFailure.REDIRECT : UpstreamFailure.HTTP_ERROR;
        return Optional.of(new UpstreamFault(failure, true));
    }

    private static UpstreamReply response(RpcMessage message, Asked asked) {
        if (message instanceof RpcMessage.Response(var id, var reply) && id == asked.id()) {
            return reply;
        }
        throw new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true);
    }
}
