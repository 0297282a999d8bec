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
import io.sallyport.upstream.wire.RefusalBody;
import io.sallyport.upstream.wire.RpcMessage;
import io.sallyport.upstream.wire.RpcMessage.Notification;
import io.sallyport.upstream.wire.RpcMessage.ServerRequest;
import java.util.List;
import reactor.core.publisher.Mono;

/** Reads the answer to a posted request, whether it comes as JSON or on a stream. */
final class Answers {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int INVALID_REQUEST = -32_600;

    private final SessionWire wire;

    Answers(SessionWire wire) {
        this.wire = wire;
    }

    /** The answer to a request that was asked in {@code session}. */
    Mono<UpstreamReply> inSession(EgressReply reply, OutboundRequest asked, Session session) {
        return Resumption.isEvents(reply) ? streamed(reply, asked) : inBody(reply, asked, session);
    }

    private Mono<UpstreamReply> streamed(EgressReply reply, OutboundRequest asked) {
        return new CallStream(wire, asked, Mono.just(reply), it -> whole(it, asked), _ -> {})
                .first();
    }

    /** The same, where it is no stream. */
    static Mono<UpstreamReply> inBody(EgressReply reply, OutboundRequest asked, Session session) {
        return reply.status() == OK ? whole(reply, asked) : refused(reply, asked, session);
    }

    private static Mono<UpstreamReply> refused(
            EgressReply reply, OutboundRequest asked, Session session) {
        if (session.named() && reply.status() == NOT_FOUND) {
            reply.discard();
            return Mono.error(new SessionGone(session));
        }
        if (!RefusalBody.mayHaveError(reply)) {
            reply.discard();
            return Mono.error(fault(reply, session));
        }
        return RefusalBody.ofOurs(reply, asked)
                .doOnNext(error -> requireNoDoubt(error, reply, session))
                .switchIfEmpty(Mono.error(() -> fault(reply, session)));
    }

    private static RuntimeException fault(EgressReply reply, Session session) {
        var fault = Faults.ofStatus(reply.status());
        return isDoubtful(reply, session)
                ? new SessionDoubtful(session, Faults.failed(fault))
                : fault;
    }

    /** An error that tells of the request and not of its session is an answer like any other. */
    private static void requireNoDoubt(UpstreamReply answer, EgressReply reply, Session session) {
        if (isDoubtful(reply, session)
                && answer instanceof UpstreamReply.RpcError error
                && mayMeanTheSession(error.code())) {
            throw new SessionDoubtful(session, answer);
        }
    }

    /**
     * Some servers say 400 for a session that they do not know. The request is not sent again,
     * because 400 does not prove that nobody looked at it; but the next one gets a new session.
     */
    private static boolean isDoubtful(EgressReply reply, Session session) {
        return session.named() && reply.status() == BAD_REQUEST;
    }

    /** What is no valid request, and the codes that servers give a meaning themselves. */
    private static boolean mayMeanTheSession(int code) {
        return code == INVALID_REQUEST || code >= -32_099 && code <= -32_000;
    }

    /** The answer to a request outside of any session. */
    Mono<UpstreamReply> read(EgressReply reply, OutboundRequest asked) {
        if (reply.status() != OK) {
            reply.discard();
            return Mono.error(Faults.ofStatus(reply.status()));
        }
        return Resumption.isEvents(reply) ? streamed(reply, asked) : whole(reply, asked);
    }

    private static Mono<UpstreamReply> whole(EgressReply reply, OutboundRequest asked) {
        if (McpHttp.isOfType(reply, "application/json")) {
            var hearing = new NotificationRelay(asked);
            return AnswerBody.whole(reply)
                    .map(body -> hearing.each(body, false, asked.mayHaveBatches()))
                    .map(messages -> response(messages, hearing, asked));
        }
        reply.discard();
        return Mono.error(new UpstreamException(UpstreamFailure.NOT_JSON, true));
    }

    /** The answer, and before it whatever is told of the request. */
    private static UpstreamReply response(
            List<RpcMessage> messages, NotificationRelay hearing, OutboundRequest asked) {
        for (var message : messages) {
            switch (message) {
                case RpcMessage.Response(var id, var reply) when id == asked.id() -> {
                    return reply;
                }
                case Notification notification -> hearing.notified(notification);
                case RpcMessage.Response _, RpcMessage.Foreign _, ServerRequest _ -> {}
            }
        }
        throw new UpstreamException(unanswered(messages.getFirst()), true);
    }

    private static UpstreamFailure unanswered(RpcMessage first) {
        return switch (first) {
            case RpcMessage.Foreign(var failure) -> failure;
            case RpcMessage.Response _, ServerRequest _, Notification _ ->
                    UpstreamFailure.PROTOCOL_ERROR;
        };
    }
}
