package io.sallyport.upstream.session;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.bridge.Envelope;
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
import io.sallyport.egress.EgressFailure;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.Header;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.ListPages;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.OutboundRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A server of the 2025 revisions: every request belongs to a session (MCP 2025-11-25, Transports).
 */
public final class SessionUpstream implements McpUpstream {
    /**
     * The longest that a request may go without the beginning of its answer, questions included.
     */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** A server that does not say whether it has a stream of the session delays no call longer. */
    private static final Duration BRIEF = Duration.ofMillis(250);

    private final SessionWire wire;
    private final Answers answers;
    private final SessionPool pool;
    private final ChangeFeed feed;
    private final AtomicLong ids = new AtomicLong();

    public SessionUpstream(EgressClient egress, Destination destination, List<Header> credential) {
        this(new McpHttp(egress, destination, credential), Limits.DEFAULT);
    }

    /**
     * What one server may cost.
     *
     * @param sessions open at the same time
     * @param parked requests that wait for answers at the same time
     * @param parkedEach how many of them may be one principal's
     * @param patience how long each of them waits: a person may take long to answer, and each who
     *     does holds a connection and its stream
     */
    public record Limits(int sessions, int parked, int parkedEach, Duration patience) {
        static final Limits DEFAULT = new Limits(1_000, 1_000, 20, Duration.ofMinutes(10));
    }

    public SessionUpstream(McpHttp http, Limits limits) {
        wire = new SessionWire(http, new PendingInputRequests(limits));
        answers = new Answers(wire);
        pool = new SessionPool(wire, answers, ids, limits.sessions());
        feed = new ChangeFeed(pool, this::within);
    }

    @Override
    public Mono<ServerGreeting> probe() {
        return pool.session(SessionKey.OWN).map(Session::greeting).onErrorMap(Faults::of);
    }

    private Mono<Session> own() {
        return pool.session(SessionKey.OWN);
    }

    @Override
    public Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room) {
        return own().flatMap(session -> listed(kind, room, session)).onErrorMap(Faults::of);
    }

    private Mono<List<JsonNode>> listed(ListKind kind, AnswerRoom room, Session session) {
        return session.greeting().capabilities().has(kind.capability())
                ? new ListPages(kind, room, this::attempt).all(SessionKey.OWN.principal())
                : Mono.just(List.of());
    }

    @Override
    public Flux<ServerChange> changes(ChangeSubscription wanted) {
        return feed.changes(wanted);
    }

    @Override
    public void abandon(Continuation.Parked parked) {
        wire.parking().take(parked.ticket()).ifPresent(it -> it.stream().abandon());
    }

    @Override
    public Mono<UpstreamReply> call(UpstreamRequest request) {
        var continued = request.envelope().continued();
        return Mono.defer(() ->
                        continued.isEmpty() ? attempt(request) : goOn(request, continued.get()))
                .onErrorResume(thrown -> Mono.just(Faults.failed(thrown)));
    }

    private Mono<UpstreamReply> goOn(UpstreamRequest request, Continued continued) {
        if (!(continued.continuation() instanceof Continuation.Parked(var ticket))) {
            return lost();
        }
        return wire.parking()
                .take(ticket, request.envelope().session())
                .map(it ->
                        untilGivenUp(
                                it.stream().next(it, request, continued.responses()),
                                it.stream().asked()))
                .orElseGet(SessionUpstream::lost);
    }

    private Mono<UpstreamReply> attempt(UpstreamRequest request) {
        return attempt(request, Deadline.in(request.timeout()), request.hasNoEffect());
    }

    /**
     * A lost session is forgotten, so that the next request opens another.
     *
     * @param again whether this request may be that next one
     */
    private Mono<UpstreamReply> attempt(UpstreamRequest request, Deadline deadline, boolean again) {
        var key = SessionKey.of(request.envelope());
        return pool.session(key, deadline)
                .onErrorMap(Faults::unsent)
                .flatMap(session -> prepared(request, session, deadline))
                .onErrorResume(SessionDoubtful.class, doubt -> dropped(key, doubt))
                .onErrorResume(
                        SessionGone.class,
                        gone -> {
                            pool.forget(key, gone.session());
                            return again ? attempt(request, deadline, false) : declined();
                        });
    }

    private Mono<UpstreamReply> dropped(SessionKey key, SessionDoubtful doubt) {
        pool.forget(key, doubt.session());
        return Mono.just(doubt.answer());
    }

    private static Mono<UpstreamReply> declined() {
        return Mono.error(new UpstreamException(UpstreamFailure.DECLINED, true));
    }

    /** Whoever brings answers has sent the request before; nobody knows what became of it. */
    private static Mono<UpstreamReply> lost() {
        return Mono.error(new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true));
    }

    private Mono<UpstreamReply> prepared(
            UpstreamRequest request, Session session, Deadline deadline) {
        var level = request.envelope().logLevel().filter(session::raisesTo);
        return level.isEmpty()
                ? ask(request, session, deadline)
                : raised(request, session, deadline, level.get());
    }

    /** The request, after a level was asked for; if the server does not listen, so be it. */
    private Mono<UpstreamReply> raised(
            UpstreamRequest request, Session session, Deadline deadline, String level) {
        return ask(LogLevel.request(request, level), session, deadline)
                .onErrorComplete()
                .then(Mono.defer(() -> ask(request, session, deadline)));
    }

    private Mono<UpstreamReply> within(UpstreamRequest request, Session session) {
        return ask(request, session, Deadline.in(request.timeout()));
    }

    private Mono<UpstreamReply> ask(UpstreamRequest request, Session session, Deadline deadline) {
        var envelope = request.envelope();
        long id = ids.incrementAndGet();
        var asked =
                new OutboundRequest(id, session.headers(), deadline, request.maxBytes(), envelope);
        var frame = frame(id, request);
        var answer =
                isHeardAside(envelope)
                        ? conversation(frame, asked, session)
                        : session.stream()
                                .beside(
                                        wire.http()
                                                .post(frame, asked)
                                                .flatMap(reply ->
                                                        answers.inSession(reply, asked, session)));
        return whileActive(untilGivenUp(answer, asked), session.activity());
    }

    private static Mono<UpstreamReply> whileActive(Mono<UpstreamReply> call, Activity activity) {
        return Mono.defer(() -> {
            activity.begin();
            return call.doFinally(_ -> activity.end());
        });
    }

    /** Whether there is something that may come on the session's own stream. */
    private static boolean isHeardAside(Envelope envelope) {
        return !envelope.capabilities().isEmpty()
                || envelope.progress()
                || envelope.logLevel().isPresent();
    }

    /** What could be asked too early is lost; of what is told, a little may be. */
    private static Mono<Void> readiness(SessionStream stream, OutboundRequest asked) {
        var ready = stream.ready(asked.deadline());
        return asked.envelope().capabilities().isEmpty() ? ready.take(BRIEF) : ready;
    }

    /** For a request in whose middle the server may ask or tell, on whichever stream it likes. */
    private Mono<UpstreamReply> conversation(byte[] frame, OutboundRequest asked, Session session) {
        var posted =
                asked.envelope().capabilities().isEmpty()
                        ? wire.http().post(frame, asked)
                        : wire.patient().post(frame, asked.until(Deadline.in(LONGEST)));
        return readiness(session.stream(), asked)
                .then(Mono.defer(() -> entered(posted, asked, session)));
    }

    private Mono<UpstreamReply> entered(
            Mono<EgressReply> posted, OutboundRequest asked, Session session) {
        var stream = session.stream();
        var call =
                new CallStream(
                        wire,
                        asked,
                        posted,
                        reply -> Answers.inBody(reply, asked, session),
                        stream::leave);
        stream.enter(call);
        return call.first();
    }

    private static byte[] frame(long id, UpstreamRequest request) {
        return request.envelope().progress()
                ? Frames.request(id, request.method(), Frames.progressToken(id), request.params())
                : Frames.request(id, request.method(), request.params());
    }

    private Mono<UpstreamReply> untilGivenUp(Mono<UpstreamReply> answer, OutboundRequest asked) {
        return answer.doOnError(EgressFailure.TimedOut.class, late -> givenUp(late, asked))
                .doOnCancel(() -> wire.farewell().cancelled(asked));
    }

    private void givenUp(EgressFailure.TimedOut late, OutboundRequest asked) {
        if (late.sent()) {
            wire.farewell().cancelled(asked);
        }
    }

    @Override
    public void close() {
        feed.close();
        wire.parking().drain().forEach(it -> it.stream().abandon());
        pool.drain();
    }
}
