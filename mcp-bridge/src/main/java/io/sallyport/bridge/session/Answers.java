package io.sallyport.bridge.session;

import io.sallyport.bridge.EgressReply;
import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import reactor.core.publisher.Mono;

/** Reads the one answer to a posted request, whether it comes as JSON or at the end of a stream. */
final class Answers {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final McpHttp http;

    Answers(McpHttp http) {
        this.http = http;
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
        if (refusal != null) {
            reply.discard();
            return Mono.error(refusal);
        }
        var type = reply.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/event-stream")) {
            return streamed(reply, asked);
        }
        if (type.startsWith("application/json")) {
            return reply.bytes().map(body -> response(RpcMessage.read(body), asked));
        }
        reply.discard();
        return Mono.error(new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    private static @org.jspecify.annotations.Nullable UpstreamFault refusal(int status) {
        if (status >= 300 && status < 400) {
            return new UpstreamFault(UpstreamFailure.REDIRECT, true);
        }
        return status == 200 ? null : new UpstreamFault(UpstreamFailure.HTTP_ERROR, true);
    }

    private static UpstreamReply response(RpcMessage message, Asked asked) {
        if (message instanceof RpcMessage.Response(var id, var reply) && id == asked.id()) {
            return reply;
        }
        throw new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true);
    }

    private Mono<UpstreamReply> streamed(EgressReply reply, Asked asked) {
        return StreamedAnswer.of(
                EventStream.read(reply.body(), asked.maxEventBytes())
                        .filter(event -> !event.data().isEmpty())
                        .concatMap(event -> judged(event, asked), 1));
    }

    /** Empty for everything on the stream that is not the answer. */
    private Mono<UpstreamReply> judged(ServerEvent event, Asked asked) {
        return switch (RpcMessage.read(event.data().getBytes(StandardCharsets.UTF_8))) {
            case RpcMessage.Response(var id, var reply) ->
                    id == asked.id()
                            ? Mono.just(reply)
                            : Mono.error(new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true));
            case RpcMessage.ServerRequest request -> replied(request, asked);
            case RpcMessage.Notification _ -> Mono.empty();
        };
    }

    /** A ping is answered; nothing else that a server may ask for is on offer. */
    private Mono<UpstreamReply> replied(RpcMessage.ServerRequest request, Asked asked) {
        var body =
                request.method().equals("ping")
                        ? Frames.emptyResult(request.id())
                        : Frames.methodNotFound(request.id());
        return http.tell(body, asked.headers(), asked.deadline())
                .onErrorComplete()
                .then(Mono.empty());
    }
}
