package io.sallyport.upstream.stateless;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ServerEvent;
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
import io.sallyport.upstream.wire.StreamedAnswer;
import java.util.Optional;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the answer to a request, whether it comes as JSON, on a stream, or as a refusal. */
final class Answers {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private Answers() {}

    static Mono<UpstreamReply> read(EgressReply reply, OutboundRequest asked) {
        if (reply.status() == OK) {
            return answered(reply, asked);
        }
        if (!RefusalBody.mayHaveError(reply)) {
            reply.discard();
            return Mono.error(Faults.ofStatus(reply.status()));
        }
        return refused(reply, asked)
                .switchIfEmpty(Mono.error(() -> Faults.ofStatus(reply.status())));
    }

    /** A refusal of this revision is an error that may name no id; its statuses say what it is. */
    private static Mono<UpstreamReply> refused(EgressReply reply, OutboundRequest asked) {
        return switch (reply.status()) {
            case BAD_REQUEST, NOT_FOUND -> RefusalBody.ofAny(reply, asked);
            default -> RefusalBody.ofOurs(reply, asked);
        };
    }

    private static UpstreamException malformed() {
        return new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
    }

    private static Mono<UpstreamReply> answered(EgressReply reply, OutboundRequest asked) {
        var hearing = new NotificationRelay(asked);
        if (McpHttp.isOfType(reply, "application/json")) {
            return AnswerBody.whole(reply).map(body -> response(hearing.read(body, false), asked));
        }
        if (McpHttp.isOfType(reply, "text/event-stream")) {
            return StreamedAnswer.of(
                    AnswerBody.events(reply, reply.body(), asked)
                            .filter(event -> !event.data().isEmpty())
                            .concatMap(event -> heard(event, asked, hearing, reply), 1));
        }
        reply.discard();
        return Mono.error(new UpstreamException(UpstreamFailure.NOT_JSON, true));
    }

    private static Mono<UpstreamReply> heard(
            ServerEvent event,
            OutboundRequest asked,
            NotificationRelay hearing,
            EgressReply reply) {
        return switch (hearing.read(event.data().getBytes(UTF_8), event.mended())) {
            case RpcMessage.Response(var id, var answer) when id == asked.id() -> {
                hearing.end();
                yield Mono.just(judged(answer));
            }
            case RpcMessage.Response _, RpcMessage.Foreign _ -> {
                hearing.skip(event.data().length());
                yield Mono.empty();
            }
            case RpcMessage.Notification notification -> {
                if (hearing.notified(notification)) {
                    reply.allow(hearing.patience().deadline().remaining());
                }
                yield Mono.empty();
            }
            case RpcMessage.ServerRequest request -> {
                asked.envelope().listener().refused(request.method()); // by not answering it
                yield Mono.empty();
            }
        };
    }

    private static UpstreamReply response(RpcMessage message, OutboundRequest asked) {
        return switch (message) {
            case RpcMessage.Response(var id, var reply) when id == asked.id() -> judged(reply);
            case RpcMessage.Foreign(var failure) -> throw new UpstreamException(failure, true);
            case RpcMessage.Response _, RpcMessage.ServerRequest _, RpcMessage.Notification _ ->
                    throw malformed();
        };
    }

    private static UpstreamReply judged(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Result(ObjectNode result, var size, _)
                        && result.path("resultType").stringValue("").equals("input_required")
                ? inputRequired(result, size)
                : reply;
    }

    /** The tree was read for this one answer: nobody else has it. */
    private static UpstreamReply inputRequired(ObjectNode result, int size) {
        var state = Optional.ofNullable(result.remove("requestState"));
        if (state.isPresent()
                ? !state.get().isString()
                : !result.path("inputRequests").isObject()) {
            throw malformed();
        }
        var continuation = new Continuation.State(state.map(JsonNode::stringValue));
        return new UpstreamReply.InputRequired(result, continuation, size);
    }
}
