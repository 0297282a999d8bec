package io.sallyport.upstream.stdio;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.LaunchProfile;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ProgramWords;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.upstream.wire.Changes;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.ListPages;
import io.sallyport.upstream.wire.OutboundRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A server of the 2025 revisions that is started here, once for each principal. */
public final class StdioUpstream implements McpUpstream {
    private static final String OWN = Envelope.SHARED;

    private final Processes processes;
    private final AtomicLong ids = new AtomicLong();

    /**
     * @param room one permit for each process that may run
     */
    public StdioUpstream(LaunchProfile profile, Semaphore room) {
        processes = new Processes(profile, ids, room);
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return processes.of(OWN).map(Greeted::greeting).onErrorMap(Faults::of);
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return processes.of(OWN).flatMap(it -> listed(kind, room, it)).onErrorMap(Faults::of);
    }

    private Mono<List<JsonNode>> listed(ListKind kind, AnswerRoom room, Greeted server) {
        return server.greeting().capabilities().has(kind.capability())
                ? new ListPages(kind, room, this::attempt).all(OWN)
                : Mono.just(List.of());
    }

    /** What is told in the process in which the calls of the same principal are made. */
    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return processes
                .of(wanted.envelope().session())
                .flatMapMany(server -> changes(server, wanted.uris()))
                .onErrorMap(Faults::of);
    }

    private Flux<ServerChange> changes(Greeted server, Set<String> uris) {
        var wish = server.subscriptions().wish(uris, it -> within(server, it));
        return server.process()
                .changes()
                .filter(change -> Changes.concern(change, uris))
                .mergeWith(server.greeting().takesSubscriptions() ? wish.begin() : Mono.empty())
                .doOnCancel(wish::leave)
                .doOnTerminate(wish::forget);
    }

    private Mono<UpstreamReply> within(Greeted server, UpstreamRequest request) {
        return Mono.defer(() -> asked(server.process(), request, Deadline.in(request.timeout())));
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        return Mono.defer(() -> attempt(request))
                .onErrorResume(thrown -> Mono.just(Faults.failed(thrown)));
    }

    private Mono<UpstreamReply> attempt(UpstreamRequest request) {
        if (request.envelope().continued().isPresent()) {
            return Mono.error(new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true));
        }
        var deadline = Deadline.in(request.timeout());
        return processes
                .of(request.envelope().session())
                .timeout(request.timeout(), Mono.error(StdioUpstream::late))
                .onErrorMap(Faults::unsent)
                .flatMap(it -> asked(it.process(), request, deadline));
    }

    private Mono<UpstreamReply> asked(
            ServerProcess process, UpstreamRequest request, Deadline deadline) {
        long id = ids.incrementAndGet();
        var envelope = request.envelope();
        var frame =
                envelope.progress()
                        ? Frames.request(
                                id, request.method(), Frames.progressToken(id), request.params())
                        : Frames.request(id, request.method(), request.params());
        return process.ask(
                frame, new OutboundRequest(id, List.of(), deadline, request.maxBytes(), envelope));
    }

    private static UpstreamException late() {
        return new UpstreamException(UpstreamFailure.TIMED_OUT, false);
    }

    @Override
    public ProgramWords words() {
        return processes.words();
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        // nothing is ever parked here
    }

    @Override
    public void close() {
        processes.close();
    }
}
