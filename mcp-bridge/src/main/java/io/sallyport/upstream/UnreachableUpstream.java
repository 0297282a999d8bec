package io.sallyport.upstream;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Answers like a server that nobody can reach, and sends nothing. */
final class UnreachableUpstream implements McpUpstream {
    private static UpstreamException fault() {
        return new UpstreamException(UpstreamFailure.UNREACHABLE, false);
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return Mono.error(UnreachableUpstream::fault);
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return Mono.error(UnreachableUpstream::fault);
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        return Mono.just(new UpstreamReply.Failed(UpstreamFailure.UNREACHABLE, false));
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return Flux.error(UnreachableUpstream::fault);
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        // nothing is ever parked here
    }

    @Override
    public void close() {
        // nothing is ever open here
    }
}
