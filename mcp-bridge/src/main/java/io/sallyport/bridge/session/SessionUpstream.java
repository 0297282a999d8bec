package io.sallyport.bridge.session;

import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressClient;
import io.sallyport.bridge.EgressFailure;
import io.sallyport.bridge.Header;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A server of the 2025 revisions: every request belongs to a session (MCP 2025-11-25, Transports).
 */
public final class SessionUpstream implements McpUpstream {
    /** The session in which probing and listing happen; no principal has an empty name. */
    private static final String OWN = "";

    private final McpHttp http;
    private final Answers answers;
    private final Farewell farewell;
    private final SessionPool pool;
    private final AtomicLong ids = new AtomicLong();

    public SessionUpstream(EgressClient egress, Destination destination, List<Header> credential) {
        http = new McpHttp(egress, destination, credential);
        answers = new Answers(http);
        farewell = new Farewell(http);
        pool = new SessionPool(http, answers, ids, farewell);
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return pool.session(OWN).map(Session::greeting).onErrorMap(Faults::of);
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind) {
        return new ListPages(
                        kind, request -> attempt(request, Deadline.in(request.timeout()), true))
                .all(OWN)
                .onErrorMap(Faults::of);
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return Flux.empty();
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        // no request is ever parked yet
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        return Mono.defer(() -> attempt(request, Deadline.in(request.timeout()), true))
                .onErrorResume(thrown -> Mono.just(Faults.failed(thrown)));
    }

    /** A lost session is opened anew once: the server did not look at the request. */
    private Mono<UpstreamReply> attempt(UpstreamRequest request, Deadline deadline, boolean again) {
        return pool.session(request.envelope().session(), deadline)
                .onErrorMap(Faults::unsent)
                .flatMap(session -> ask(request, session, deadline))
                .onErrorMap(SessionDoubtful.class, doubt -> dropped(request, doubt))
                .onErrorResume(
                        SessionGone.class,
                        gone -> {
                            pool.forget(request.envelope().session(), gone.session());
                            return again ? attempt(request, deadline, false) : lost();
                        });
    }

    private UpstreamFault dropped(UpstreamRequest request, SessionDoubtful doubt) {
        pool.forget(request.envelope().session(), doubt.session());
        return new UpstreamFault(UpstreamFailure.HTTP_ERROR, true);
    }

    private static Mono<UpstreamReply> lost() {
        return Mono.error(new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, false));
    }

    private Mono<UpstreamReply> ask(UpstreamRequest request, Session session, Deadline deadline) {
        var asked =
                new Asked(ids.incrementAndGet(), session.headers(), deadline, request.maxBytes());
        return http.post(Frames.request(asked.id(), request.method(), request.params()), asked)
                .flatMap(reply -> answers.inSession(reply, asked, session))
                .doOnError(EgressFailure.TimedOut.class, late -> givenUp(late, asked))
                .doOnCancel(() -> farewell.cancelled(asked.id(), asked.headers()));
    }

    private void givenUp(EgressFailure.TimedOut late, Asked asked) {
        if (late.sent()) {
            farewell.cancelled(asked.id(), asked.headers());
        }
    }

    @Override
    public void close() {
        pool.drain().forEach(farewell::ended);
    }
}
