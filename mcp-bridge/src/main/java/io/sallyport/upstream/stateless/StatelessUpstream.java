package io.sallyport.upstream.stateless;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.FaultDetail;
import io.sallyport.egress.Header;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.ListPages;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.OutboundRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A server of revision 2026-07-28: every request stands for itself. */
public final class StatelessUpstream implements McpUpstream {
    private static final int BAD_REQUEST = 400;
    private static final UpstreamReply DECLINED =
            new UpstreamReply.Failed(UpstreamFailure.DECLINED, true);

    private final McpHttp http;
    private final List<Header> always;
    private final ChangeFeed feed;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicReference<Optional<ServerGreeting>> greeting =
            new AtomicReference<>(Optional.empty());

    public StatelessUpstream(
            EgressClient egress, Destination destination, List<Header> credential) {
        http = new McpHttp(egress, destination, credential);
        always = http.headers();
        feed = new ChangeFeed(http.patient(), ids);
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return discover().map(StatelessUpstream::greeted);
    }

    /** How the server answers when it is asked what it is; fails with {@link UpstreamException}. */
    public Mono<UpstreamReply> discover() {
        return Mono.defer(() -> attempt(Discovery.request()))
                .doOnNext(it -> greeting.set(Discovery.greeting(it)))
                .onErrorMap(Faults::of);
    }

    private static ServerGreeting greeted(UpstreamReply reply) {
        return Discovery.greeting(reply).orElseThrow(() -> noGreeting(reply));
    }

    private static UpstreamException noGreeting(UpstreamReply reply) {
        return switch (reply) {
            case UpstreamReply.RpcError error -> Faults.ofError(error);
            case UpstreamReply.Failed(var failure, var sent) ->
                    new UpstreamException(failure, sent);
            case UpstreamReply.Result _, UpstreamReply.InputRequired _, UpstreamReply.TooLarge _ ->
                    new UpstreamException(
                            UpstreamFailure.PROTOCOL_ERROR,
                            true,
                            FaultDetail.of(FaultDetail.Cause.VERSION));
        };
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return known().flatMap(it -> listed(kind, room, it)).onErrorMap(Faults::of);
    }

    private Mono<ServerGreeting> known() {
        return Mono.defer(() -> greeting.get().map(Mono::just).orElseGet(this::probe));
    }

    private Mono<List<JsonNode>> listed(ListKind kind, AnswerRoom room, ServerGreeting greeting) {
        return greeting.capabilities().has(kind.capability())
                ? new ListPages(kind, room, this::attempt).all("")
                : Mono.just(List.of());
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        return Mono.defer(() -> attempt(request))
                .onErrorResume(thrown -> Mono.just(Faults.failed(thrown)));
    }

    private Mono<UpstreamReply> attempt(UpstreamRequest request) {
        if (request.envelope().continued().filter(StatelessUpstream::isForeign).isPresent()) {
            return Mono.error(new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true));
        }
        var deadline = Deadline.in(request.timeout());
        return request.hasNoEffect() ? insisting(request, deadline) : ask(request, deadline);
    }

    /** For a server that refuses the revision which it says it speaks: once more. */
    private Mono<UpstreamReply> insisting(UpstreamRequest request, Deadline deadline) {
        return ask(request, deadline)
                .flatMap(reply ->
                        Discovery.mayBeRepeated(reply) ? ask(request, deadline) : Mono.just(reply));
    }

    private static boolean isForeign(Continued continued) {
        return continued.continuation() instanceof Continuation.Parked;
    }

    private Mono<UpstreamReply> ask(UpstreamRequest request, Deadline deadline) {
        long id = ids.incrementAndGet();
        var headers = RequestFrame.headers(always, request);
        var asked =
                new OutboundRequest(id, headers, deadline, request.maxBytes(), request.envelope());
        return http.post(RequestFrame.body(id, request), asked)
                .flatMap(reply -> answer(request, reply, asked));
    }

    /** A refused revision (MCP 2026-07-28, Version Negotiation) means that nobody looked at it. */
    private static Mono<UpstreamReply> answer(
            UpstreamRequest request, EgressReply reply, OutboundRequest asked) {
        var answer = Answers.read(reply, asked);
        return request.hasNoEffect() || reply.status() != BAD_REQUEST
                ? answer
                : answer.map(it -> Discovery.isUnsupported(it) ? DECLINED : it);
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return feed.changes(wanted);
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        // nothing waits here: the server keeps no request whose leg is over
    }

    @Override
    public void close() {
        // nothing is open that does not end by itself
    }
}
