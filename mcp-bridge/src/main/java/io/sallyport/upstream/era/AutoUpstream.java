package io.sallyport.upstream.era;

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
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.Header;
import io.sallyport.upstream.session.SessionUpstream;
import io.sallyport.upstream.stateless.Discovery;
import io.sallyport.upstream.stateless.StatelessUpstream;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A server of an era that is not known. It is asked once, the newer era first and with requests
 * that change nothing, and again when what was found out no longer holds.
 */
public final class AutoUpstream implements McpUpstream {
    private final StatelessUpstream modern;
    private final SessionUpstream legacy;
    private final AtomicReference<Optional<McpUpstream>> found =
            new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Mono<McpUpstream>>> finding =
            new AtomicReference<>(Optional.empty());

    public AutoUpstream(EgressClient egress, Destination destination, List<Header> credential) {
        modern = new StatelessUpstream(egress, destination, credential);
        legacy = new SessionUpstream(egress, destination, credential);
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return upstream().flatMap(McpUpstream::probe);
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return upstream().flatMap(it -> it.list(kind, room)).doOnError(_ -> forget());
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return upstream().flatMapMany(it -> it.changes(wanted));
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        var continued = request.envelope().continued();
        return continued.isEmpty()
                ? Mono.defer(() -> first(request))
                : at(continued.get().continuation()).call(request);
    }

    /** Whose continuation it is tells the era. */
    private McpUpstream at(Continuation continuation) {
        return switch (continuation) {
            case Continuation.State _ -> modern;
            case Continuation.Parked _ -> legacy;
        };
    }

    private Mono<UpstreamReply> first(UpstreamRequest request) {
        var known = found.get();
        if (known.isEmpty()) {
            return search(request);
        }
        var deadline = Deadline.in(request.timeout());
        return sent(known.get(), request)
                .flatMap(reply -> isNeverSent(reply) ? again(request, deadline) : Mono.just(reply));
    }

    /** Whoever refuses the era or the session is asked anew before the next call. */
    private Mono<UpstreamReply> sent(McpUpstream upstream, UpstreamRequest request) {
        return upstream.call(request)
                .doOnNext(reply -> {
                    if (isOutdated(reply)) {
                        forget();
                    }
                });
    }

    private static boolean isOutdated(UpstreamReply reply) {
        return switch (reply) {
            case UpstreamReply.Failed(var failure, _) -> failure == UpstreamFailure.DECLINED;
            case UpstreamReply.RpcError _ -> Discovery.isUnsupported(reply);
            case UpstreamReply.Result _, UpstreamReply.InputRequired _, UpstreamReply.TooLarge _ ->
                    false;
        };
    }

    /** Whether no session could be opened, so that the request itself has not left. */
    private static boolean isNeverSent(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Failed(var failure, var sent)
                && !sent
                && switch (failure) {
                    case HTTP_ERROR, SERVER_ERROR, PROTOCOL_ERROR, NOT_JSON -> true;
                    case UNREACHABLE,
                            TIMED_OUT,
                            REDIRECT,
                            RESPONSE_TOO_LARGE,
                            EGRESS_DENIED,
                            OVER_LIMIT,
                            OVERLOADED,
                            ENCODED,
                            UNAUTHORISED,
                            DECLINED ->
                            false;
                };
    }

    private Mono<UpstreamReply> again(UpstreamRequest request, Deadline deadline) {
        forget();
        return search(
                new UpstreamRequest(
                        request.method(),
                        request.params(),
                        request.envelope(),
                        deadline.remaining(),
                        request.maxBytes()));
    }

    private Mono<UpstreamReply> search(UpstreamRequest request) {
        return upstream()
                .timeout(request.timeout(), Mono.error(AutoUpstream::late))
                .onErrorMap(Faults::unsent)
                .flatMap(it -> sent(it, request))
                .onErrorResume(thrown -> Mono.just(Faults.failed(thrown)));
    }

    private static UpstreamException late() {
        return new UpstreamException(UpstreamFailure.TIMED_OUT, false);
    }

    private void forget() {
        found.set(Optional.empty());
    }

    private Mono<McpUpstream> upstream() {
        return Mono.defer(() -> found.get().map(Mono::just).orElseGet(this::shared));
    }

    /** However many ask, one search is made. */
    private Mono<McpUpstream> shared() {
        var search = finding.updateAndGet(now -> now.or(() -> Optional.of(searching())));
        return search.orElseThrow();
    }

    private Mono<McpUpstream> searching() {
        return modern.discover()
                .map(AutoUpstream::isModern)
                .onErrorResume(UpstreamException.class, AutoUpstream::isHopeful)
                .flatMap(isModern -> isModern ? Mono.just(modern) : greeted())
                .doOnNext(it -> found.set(Optional.of(it)))
                .doOnTerminate(() -> finding.set(Optional.empty()))
                .cache();
    }

    private Mono<McpUpstream> greeted() {
        return legacy.probe().thenReturn(legacy);
    }

    private static boolean isModern(UpstreamReply reply) {
        return Discovery.greeting(reply).isPresent() || Discovery.isModernRefusal(reply);
    }

    /** Not modern, unless the failure is the same whatever the server speaks. */
    private static Mono<Boolean> isHopeful(UpstreamException fault) {
        return switch (fault.failure()) {
            case UNREACHABLE, REDIRECT, EGRESS_DENIED, OVER_LIMIT, OVERLOADED -> Mono.error(fault);
            case TIMED_OUT -> fault.sent() ? Mono.just(false) : Mono.error(fault);
            case PROTOCOL_ERROR,
                    NOT_JSON,
                    ENCODED,
                    RESPONSE_TOO_LARGE,
                    SERVER_ERROR,
                    UNAUTHORISED,
                    HTTP_ERROR,
                    DECLINED ->
                    Mono.just(false);
        };
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        legacy.abandon(parked);
    }

    @Override
    public void close() {
        modern.close();
        legacy.close();
    }
}
