package io.sallyport.upstream.session;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.Header;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.Initialize;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.OutboundRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** The open sessions with one server, one for each principal; opened once however many ask. */
final class SessionPool {
    /** Visible ASCII (MCP 2025-11-25, Session Management); longer ones are somebody's mistake. */
    private static final Pattern SESSION_ID = Pattern.compile("[\\x21-\\x7e]{1,1024}");

    /** A principal has one for each set of capabilities; beyond it his own make room first. */
    private static final int MANY_OF_ONE = 8;

    /** Most sessions that listen to the server at the same time, each on a connection. */
    private static final int MOST_LISTENING = 500;

    private static final Duration OPENING = Duration.ofSeconds(15);
    private static final long MAX_GREETING = 256 * 1024;
    private static final int OK = 200;

    private final SessionWire wire;
    private final McpHttp http;
    private final Answers answers;
    private final AtomicLong ids;
    private final int most;
    private final Semaphore listening = new Semaphore(MOST_LISTENING);

    /** Our own session hears of changes however many others listen. */
    private final Semaphore listeningItself = new Semaphore(1);

    private final Map<SessionKey, Mono<Session>> opened = new ConcurrentHashMap<>();
    private final Map<SessionKey, Session> ready = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * @param most sessions with the server; principals come and go, and none of them says goodbye
     */
    SessionPool(SessionWire wire, Answers answers, AtomicLong ids, int most) {
        this.most = most;
        this.wire = wire;
        this.http = wire.http();
        this.answers = answers;
        this.ids = ids;
    }

    /** The session of that key; a failure to open one is not remembered. */
    Mono<Session> session(SessionKey key) {
        var session = ready.get(key);
        return session == null ? opening(key) : Mono.just(session);
    }

    /** The same for one who waits until his deadline; the opening goes on for the others. */
    Mono<Session> session(SessionKey key, Deadline deadline) {
        var session = ready.get(key);
        return session == null
                ? opening(key).timeout(deadline.remaining(), Mono.error(SessionPool::late))
                : Mono.just(session);
    }

    private static UpstreamException late() {
        return new UpstreamException(UpstreamFailure.TIMED_OUT, false);
    }

    private Mono<Session> opening(SessionKey key) {
        return Mono.defer(() -> opened.computeIfAbsent(key, this::open));
    }

    private Mono<Session> open(SessionKey key) {
        return initialize(key)
                .doOnNext(session -> admit(key, session))
                .doOnTerminate(() -> opened.remove(key))
                .cache();
    }

    private synchronized void admit(SessionKey key, Session session) {
        var own = ready.keySet().stream().filter(it -> it.isSamePrincipal(key)).toList();
        boolean isFull =
                closed
                        || own.size() >= MANY_OF_ONE && !makeRoom(own)
                        || ready.size() >= most && !makeRoom(ready.keySet());
        if (isFull) {
            end(session);
            throw new UpstreamException(UpstreamFailure.OVER_LIMIT, false);
        }
        ready.put(key, session);
    }

    /** Ends the one that was idle longest: its principal opens another when he calls again. */
    private boolean makeRoom(Collection<SessionKey> among) {
        var idle =
                among.stream()
                        .filter(it -> !it.equals(SessionKey.OWN))
                        .flatMap(it -> Optional.ofNullable(ready.get(it)).stream())
                        .filter(Session::isIdle)
                        .min(Comparator.comparingLong(it -> it.activity().idleSince()));
        idle.filter(it -> ready.values().remove(it)).ifPresent(this::end);
        return idle.isPresent();
    }

    private void end(Session session) {
        session.stream().close();
        wire.farewell().ended(session);
    }

    /** Forgets a session that the server no longer knows. */
    void forget(SessionKey key, Session session) {
        session.stream().retire();
        ready.remove(key, session);
    }

    /** Ends all sessions, and those that are being opened. */
    synchronized void drain() {
        closed = true;
        var sessions = List.copyOf(ready.values());
        ready.clear();
        sessions.forEach(this::end);
    }

    private Mono<Session> initialize(SessionKey key) {
        return Initialize.negotiated(revision -> initialize(hello(), key, revision));
    }

    private OutboundRequest hello() {
        return new OutboundRequest(
                ids.incrementAndGet(),
                http.headers(),
                Deadline.in(OPENING),
                MAX_GREETING,
                Envelope.plain(""));
    }

    private Mono<Session> initialize(OutboundRequest asked, SessionKey key, String revision) {
        var params = Initialize.params(key.capabilities(), revision);
        return http.post(Frames.request(asked.id(), "initialize", params), asked)
                .flatMap(reply -> greeted(reply, asked, key))
                .flatMap(session -> confirmed(session, asked.deadline()));
    }

    private Mono<Session> greeted(EgressReply reply, OutboundRequest asked, SessionKey key) {
        if (reply.status() != OK) {
            return Faults.ofReply(reply).map(Initialize::refused).flatMap(Mono::error);
        }
        return answers.read(reply, asked).map(answer -> session(answer, reply, key));
    }

    private Session session(UpstreamReply answer, EgressReply reply, SessionKey key) {
        var id = reply.header("mcp-session-id").filter(it -> !it.isBlank());
        if (answer instanceof UpstreamReply.RpcError error) {
            throw Initialize.refused(error);
        }
        if (!(answer instanceof UpstreamReply.Result(var result, _, _))
                || id.isPresent() && !SESSION_ID.matcher(id.get()).matches()) {
            throw new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
        }
        var greeting = Initialize.greeting(result);
        var headers = new ArrayList<>(http.headers());
        headers.add(new Header("mcp-protocol-version", greeting.protocolVersion()));
        id.ifPresent(it -> headers.add(new Header("mcp-session-id", it)));
        var room = key.equals(SessionKey.OWN) ? listeningItself : listening;
        var stream = new SessionStream(wire, headers, room);
        return new Session(greeting, id.isPresent(), headers, stream);
    }

    private Mono<Session> confirmed(Session session, Deadline deadline) {
        var body = Frames.notification("notifications/initialized", "{}");
        return http.tell(body, session.headers(), deadline).thenReturn(session);
    }
}
