package io.sallyport.servers;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ProgramWords;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A server whose calls say how it does. */
record WatchedServer(McpUpstream upstream, Consumer<UpstreamReply> called) implements McpUpstream {
    @Override
    public Mono<ServerGreeting> probe() {
        return upstream.probe();
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return upstream.list(kind, room);
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        return upstream.call(request).doOnNext(called);
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return upstream.changes(wanted);
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        upstream.abandon(parked);
    }

    @Override
    public ProgramWords words() {
        return upstream.words();
    }

    @Override
    public void close() {
        upstream.close();
    }
}
