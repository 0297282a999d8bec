package io.sallyport.upstream.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.Header;
import io.sallyport.threads.Await;
import io.sallyport.upstream.wire.Changes;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.OutboundRequest;
import io.sallyport.upstream.wire.RpcMessage;
import io.sallyport.upstream.wire.RpcMessage.Notification;
import io.sallyport.upstream.wire.RpcMessage.ServerRequest;
import io.sallyport.upstream.wire.SessionListeners;
import io.sallyport.upstream.wire.Strays;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The one stream of a session that belongs to no request (MCP 2025-11-25, Listening for Messages
 * from the Server), for what changes, and for servers that ask, or tell of progress, there instead
 * of on the stream of the call that makes them do so. It is open while somebody waits for any of
 * that, and for some time after the last.
 */
final class SessionStream {
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final Set<Integer> PASSING = Set.of(408, 409, 429);
    private static final int MAX_EVENT = 1024 * 1024;

    /** A server that does not even say whether it has such a stream delays one call by that. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofMinutes(1);

    /** A dead connection is found out by then. */
    private static final Duration LIFE = Duration.ofMinutes(30);

    private final SessionWire wire;
    private final List<Header> headers;
    private final Semaphore room;
    private final Set<CallStream> calls = ConcurrentHashMap.newKeySet();
    private final Set<FluxSink<ServerChange>> watchers = ConcurrentHashMap.newKeySet();
    private final SessionListeners listeners = new SessionListeners();
    private final AtomicInteger deaf = new AtomicInteger();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final ResumePosition place = new ResumePosition();
    private volatile boolean hasAbandoned;
    private volatile boolean refused;
    private volatile Optional<UpstreamException> whyNot = Optional.of(noRoom());
    private volatile long lastUse;
    private Mono<Void> settled = Mono.empty(); // guarded by this, as is whether it runs
    private boolean running;

    /**
     * @param headers what every request of the session carries
     * @param room for open streams; where there is none, a session has to do without
     */
    SessionStream(SessionWire wire, List<Header> headers, Semaphore room) {
        this.wire = wire;
        this.headers = headers;
        this.room = room;
    }

    /** Completes when the server can ask here, will not, or takes too long to say so. */
    Mono<Void> ready(Deadline deadline) {
        return Mono.defer(this::running).take(deadline.remaining().dividedBy(2));
    }

    /** From now on {@code call} may be asked, and hears what is told of it. */
    void enter(CallStream call) {
        calls.add(call);
        listeners.add(call.asked().envelope().listener());
    }

    /** {@code call} hears nothing here, but what is told here may be told of it. */
    <T> Mono<T> beside(Mono<T> call) {
        return Mono.using(
                deaf::incrementAndGet,
                _ -> call.doOnCancel(this::abandoned).doOnError(this::broken),
                _ -> deaf.decrementAndGet());
    }

    private void broken(Throwable thrown) {
        if (Faults.of(thrown).sent()) {
            abandoned();
        }
    }

    /** The server may work on at what nobody waits for, and tell of it here. */
    private void abandoned() {
        hasAbandoned = true;
    }

    /**
     * What changes, while the stream is open. Fails if some of it was missed, or if the session has
     * no such stream now; completes if it never has one.
     */
    Flux<ServerChange> changes() {
        return Flux.create(this::watch, FluxSink.OverflowStrategy.IGNORE);
    }

    private void watch(FluxSink<ServerChange> watcher) {
        watcher.onDispose(() -> leave(watcher));
        watchers.add(watcher);
        if (!isRunning()) {
            turnAway(watcher);
        }
    }

    private synchronized boolean isRunning() {
        var _ = running();
        return running && !refused;
    }

    private void turnAway(FluxSink<ServerChange> watcher) {
        whyNot.ifPresentOrElse(watcher::error, watcher::complete);
    }

    private void leave(FluxSink<ServerChange> watcher) {
        lastUse = System.nanoTime();
        watchers.remove(watcher);
    }

    /** Whether the server may still ask for some call, or tell somebody of a change. */
    boolean isOccupied() {
        return !calls.isEmpty() || !watchers.isEmpty();
    }

    void leave(CallStream call) {
        lastUse = System.nanoTime();
        if (call.mayRunOn()) {
            abandoned();
        }
        calls.remove(call);
        if (refused && calls.isEmpty()) {
            closed.tryEmitEmpty();
        }
    }

    /** Nobody else comes; who is in a call may still be asked. */
    void retire() {
        refuse(Optional.of(lost()));
        if (calls.isEmpty()) {
            closed.tryEmitEmpty();
        }
    }

    /** The session is over. */
    void close() {
        refuse(Optional.empty());
        closed.tryEmitEmpty();
    }

    private void refuse(Optional<UpstreamException> why) {
        whyNot = why;
        refused = true;
        watchers.forEach(this::turnAway);
    }

    private static UpstreamException noRoom() {
        return new UpstreamException(UpstreamFailure.OVER_LIMIT, false);
    }

    private static UpstreamException lost() {
        return new UpstreamException(UpstreamFailure.UNREACHABLE, true);
    }

    /** Whether this session will never have a stream again. */
    boolean isRefused() {
        return refused;
    }

    private synchronized Mono<Void> running() {
        if (!running && !refused && room.tryAcquire()) {
            running = true;
            var answered = Sinks.<Void>empty();
            settled = answered.asMono().take(PROMPT).cache();
            Await.nothing(life(answered));
        }
        return settled;
    }

    private Mono<Void> life(Sinks.Empty<Void> answered) {
        return Flux.defer(() -> stretch(answered))
                .repeatWhen(ends -> ends.concatMap(_ -> place.pause()).takeWhile(_ -> isWanted()))
                .takeUntilOther(closed.asMono())
                .takeUntilOther(idle())
                .doFinally(_ -> over(answered))
                .then();
    }

    private boolean isWanted() {
        return !refused && isUsed();
    }

    private boolean isUsed() {
        return isOccupied() || listeners.areListening();
    }

    private Flux<Long> idle() {
        return Flux.interval(IDLE).filter(_ -> isIdle());
    }

    private boolean isIdle() {
        if (isUsed()) {
            lastUse = System.nanoTime();
        }
        return System.nanoTime() - lastUse >= IDLE.toNanos();
    }

    private synchronized void over(Sinks.Empty<Void> answered) {
        answered.tryEmitEmpty();
        running = false;
        room.release();
        listeners.forgetAbsent();
        if (isWanted()) {
            running(); // somebody came while the door was closing
        }
    }

    /** One stream; how it ends makes no difference but to those who may have missed something. */
    private Flux<Void> stretch(Sinks.Empty<Void> answered) {
        var most = EventStream.MOST_OF_CHANGES;
        var asked = new OutboundRequest(0, headers, Deadline.in(LIFE), most, Envelope.plain(""));
        place.opening();
        return wire.patient()
                .listen(asked, place.headers())
                .doOnTerminate(answered::tryEmitEmpty)
                .flatMapMany(reply -> read(reply, asked.mayHaveBatches()))
                .concatWith(Mono.error(SessionStream::lost))
                .doOnError(thrown -> ended(Faults.of(thrown)))
                .onErrorComplete();
    }

    /** What came meanwhile is told again by a server that is asked for what it told after. */
    private void ended(UpstreamException fault) {
        if (!place.isKnown()) {
            watchers.forEach(it -> it.error(fault));
        }
    }

    private Flux<Void> read(EgressReply reply, boolean mayHaveBatches) {
        if (!Resumption.isEvents(reply)) {
            reply.discard();
            return Flux.error(refusal(reply.status()));
        }
        var strays = new Strays();
        return EventStream.read(reply, MAX_EVENT)
                .doOnNext(place::remember)
                .filter(event -> !event.data().isEmpty())
                .concatMap(event -> heard(event, strays, mayHaveBatches), 1);
    }

    private UpstreamException refusal(int status) {
        var fault =
                status == OK
                        ? new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true)
                        : Faults.ofStatus(status);
        if (isFinal(status)) {
            refuse(Optional.of(fault).filter(_ -> !isNever(status)));
        }
        return fault;
    }

    /** It should be 405; not so if another stream is still open, or one asked too often. */
    private static boolean isFinal(int status) {
        return status < 500 && !PASSING.contains(status);
    }

    /** Whether it has no such stream, rather than no such session. */
    private boolean isNever(int status) {
        return status == METHOD_NOT_ALLOWED || status == NOT_FOUND && !isNamed();
    }

    private boolean isNamed() {
        return headers.stream().anyMatch(it -> it.name().equals("mcp-session-id"));
    }

    private Flux<Void> heard(ServerEvent event, Strays strays, boolean mayBeBatch) {
        var bytes = event.data().getBytes(UTF_8);
        var messages = RpcMessage.each(bytes, event.mended(), mayBeBatch);
        int size = bytes.length / messages.size();
        return Flux.fromIterable(messages).concatMap(it -> heard(it, size, strays), 1);
    }

    private Mono<Void> heard(RpcMessage message, int size, Strays strays) {
        return switch (message) {
            case ServerRequest request -> requested(request, size);
            case Notification notification -> {
                told(notification);
                yield Mono.empty();
            }
            case RpcMessage.Response _, RpcMessage.Foreign _ -> {
                strays.skip(size);
                yield Mono.empty();
            }
        };
    }

    /**
     * Progress names its call. A log message is for those who listen to the session, and the only
     * open call's, if there is only one and no other may run on.
     */
    private void told(Notification notification) {
        Changes.of(notification).ifPresent(it -> watchers.forEach(watcher -> watcher.next(it)));
        listeners.hear(notification);
        var now = List.copyOf(calls);
        if (notification.method().equals("notifications/progress") || areToldOfLogs(now)) {
            now.forEach(call -> call.notified(notification));
        }
    }

    private boolean areToldOfLogs(List<CallStream> calls) {
        return calls.size() == 1
                && deaf.get() == 0
                && !hasAbandoned
                && !SessionListeners.reaches(calls.getFirst().asked().envelope().listener());
    }

    private Mono<Void> requested(ServerRequest request, int size) {
        if (request.method().equals("ping")) {
            return told(Frames.emptyResult(request.id()));
        }
        var now = List.copyOf(calls);
        if (now.size() == 1) {
            now.getFirst().askedAside(request, size);
            return Mono.empty();
        }
        now.forEach(call -> call.asked().envelope().listener().refused(request.method()));
        return told(Frames.error(request.id(), METHOD_NOT_FOUND, "Method not found"));
    }

    private Mono<Void> told(byte[] frame) {
        return wire.http().tell(frame, headers, Deadline.in(PROMPT)).onErrorComplete().then();
    }
}
