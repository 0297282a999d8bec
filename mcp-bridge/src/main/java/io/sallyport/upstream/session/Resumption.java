package io.sallyport.upstream.session;

import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressReply;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.OutboundRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where a stream can be taken up again (MCP 2025-11-25, Resumability and Redelivery). Confined to
 * the reading of that stream.
 */
final class Resumption {
    private final McpHttp http;
    private final OutboundRequest asked;
    private final ResumePosition place = new ResumePosition();
    private long received;
    private boolean used;

    Resumption(McpHttp http, OutboundRequest asked) {
        this.http = http;
        this.asked = asked;
    }

    /** Whether the first stream is still to be read. */
    boolean isUnused() {
        return !used;
    }

    Flux<byte[]> watched(EgressReply reply) {
        used = true;
        return reply.body().doOnNext(chunk -> received += chunk.length);
    }

    void remember(ServerEvent event) {
        place.remember(event);
    }

    /** Whether what broke the stream leaves hope for another one. */
    boolean mayGoOn(Throwable broken) {
        return place.isKnown() && broken instanceof EgressFailure.Broken;
    }

    /** The stream that goes on after the last event, when the server wants to be asked. */
    Mono<EgressReply> next(Deadline deadline) {
        if (!place.isKnown()) {
            return Mono.error(unanswered());
        }
        return deadline.allows(place.retry())
                ? Mono.delay(place.retry()).then(Mono.defer(() -> listen(deadline)))
                : Mono.error(new EgressFailure.TimedOut(true));
    }

    private Mono<EgressReply> listen(Deadline deadline) {
        long left = Math.max(asked.maxBytes() - received, 0);
        var again =
                new OutboundRequest(asked.id(), asked.headers(), deadline, left, asked.envelope());
        return http.listen(again, place.headers())
                .onErrorMap(EgressFailure.class, Resumption::ofCall)
                .flatMap(Resumption::accepted);
    }

    /** What failed later is not the call, which had left before. */
    static RuntimeException ofCall(EgressFailure later) {
        return switch (later) {
            case EgressFailure.TimedOut _ -> new EgressFailure.TimedOut(true);
            case EgressFailure.ConnectFailed failed -> new EgressFailure.Broken(failed.detail());
            case EgressFailure.Denied _, EgressFailure.LimitReached _ ->
                    new UpstreamException(UpstreamFailure.UNREACHABLE, true);
            case EgressFailure.Broken _,
                    EgressFailure.Encoded _,
                    EgressFailure.Overloaded _,
                    EgressFailure.TooLarge _ ->
                    later;
        };
    }

    private static Mono<EgressReply> accepted(EgressReply reply) {
        if (isEvents(reply)) {
            return Mono.just(reply);
        }
        reply.discard();
        return Mono.error(unanswered());
    }

    /** Whether it is a stream of events. */
    static boolean isEvents(EgressReply reply) {
        return reply.status() == 200 && McpHttp.isOfType(reply, "text/event-stream");
    }

    private static UpstreamException unanswered() {
        return new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
    }
}
