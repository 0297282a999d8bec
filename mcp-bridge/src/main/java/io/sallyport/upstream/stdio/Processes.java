package io.sallyport.upstream.stdio;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.LaunchProfile;
import io.sallyport.bridge.ProgramWords;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.Initialize;
import io.sallyport.upstream.wire.OutboundRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** The running processes of one profile, one for each principal; started however many ask once. */
final class Processes {
    /** A process costs far more than a session. */
    private static final int MOST = 32;

    /** What a package manager starts cold takes its time; a listing has no more for all of it. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private static final long MAX_GREETING = 256 * 1024;

    private final LaunchProfile profile;
    private final AtomicLong ids;
    private final Semaphore room;
    private final Speech speech = new Speech();
    private final Map<String, Mono<Greeted>> starting = new ConcurrentHashMap<>();
    private final Map<String, Greeted> ready = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Processes(LaunchProfile profile, AtomicLong ids, Semaphore room) {
        this.profile = profile;
        this.room = room;
        this.ids = ids;
    }

    /** The process of that principal; one that died is started anew. */
    Mono<Greeted> of(String principal) {
        return running(principal)
                .switchIfEmpty(Mono.defer(() -> starting.computeIfAbsent(principal, this::start)));
    }

    private Mono<Greeted> running(String principal) {
        return Mono.defer(() -> Mono.justOrEmpty(ready.get(principal)))
                .filter(it -> !it.process().isOver());
    }

    /** Looks again, because another start may have ended since. */
    private Mono<Greeted> start(String principal) {
        return running(principal)
                .switchIfEmpty(Mono.defer(() -> opened(principal)))
                .doOnTerminate(() -> starting.remove(principal))
                .cache();
    }

    private Mono<Greeted> opened(String principal) {
        return launched(principal).flatMap(this::greeted).doOnNext(it -> admit(principal, it));
    }

    private Mono<ServerProcess> launched(String principal) {
        Optional.ofNullable(ready.remove(principal)).ifPresent(it -> it.process().close());
        if (closed) {
            return Mono.error(new UpstreamException(UpstreamFailure.UNREACHABLE, false));
        }
        return hasRoom() && room.tryAcquire()
                ? Mono.fromFuture(() -> ServerProcess.start(profile, ids, speech, room::release))
                : Mono.error(new UpstreamException(UpstreamFailure.OVER_LIMIT, false));
    }

    /**
     * Whose process makes room makes little difference, if he is not in a call. Never our own, in
     * which somebody hears of changes.
     */
    private boolean hasRoom() {
        if (ready.size() + starting.size() <= MOST) {
            return true;
        }
        return ready.entrySet().stream()
                .filter(it -> !it.getKey().equals(Envelope.SHARED))
                .filter(it -> it.getValue().process().isIdle())
                .findAny()
                .map(it -> end(it.getKey(), it.getValue()))
                .orElse(false);
    }

    private boolean end(String principal, Greeted server) {
        server.process().close();
        return ready.remove(principal, server);
    }

    private void admit(String principal, Greeted server) {
        ready.put(principal, server);
        if (closed) {
            end(principal, server);
        }
    }

    private Mono<Greeted> greeted(ServerProcess process) {
        return Initialize.<Greeted>negotiated(revision -> greeted(process, revision))
                .doOnError(_ -> process.close())
                .doOnCancel(process::close);
    }

    private Mono<Greeted> greeted(ServerProcess process, String revision) {
        var asked =
                new OutboundRequest(
                        ids.incrementAndGet(),
                        List.of(),
                        Deadline.in(OPENING),
                        MAX_GREETING,
                        Envelope.plain(""));
        var params = Initialize.params("{}", revision);
        return process.ask(Frames.request(asked.id(), "initialize", params), asked)
                .map(reply -> greeted(process, reply));
    }

    private static Greeted greeted(ServerProcess process, UpstreamReply reply) {
        if (reply instanceof UpstreamReply.RpcError error) {
            throw Initialize.refused(error);
        }
        if (!(reply instanceof UpstreamReply.Result(var result, _, _))) {
            throw new UpstreamException(UpstreamFailure.PROTOCOL_ERROR, true);
        }
        var greeting = Initialize.greeting(result);
        process.speaks(greeting.protocolVersion());
        process.tell(Frames.notification("notifications/initialized", "{}"));
        return new Greeted(process, greeting);
    }

    ProgramWords words() {
        return speech.words();
    }

    void close() {
        closed = true;
        ready.forEach(this::end);
    }
}
