package io.sallyport.bridge.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.EgressReply;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.bridge.wire.Asked;
import io.sallyport.bridge.wire.Changes;
import io.sallyport.bridge.wire.Deadline;
import io.sallyport.bridge.wire.Faults;
import io.sallyport.bridge.wire.Frames;
import io.sallyport.bridge.wire.RpcMessage;
import io.sallyport.bridge.wire.Strays;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What changes at a server, heard on the one stream that belongs to no request (MCP 2025-11-25,
 * Listening for Messages from the Server). Servers give a session one such stream, so all who
 * listen share it.
 */
final class ChangeFeed {
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int MAX_EVENT = 1024 * 1024;

    /** Waiting for a slow listener; what was told longest ago is dropped beyond. */
    private static final int MOST_WAITING = 1_000;

    /** A dead connection is found out by then: the listener comes again. */
    private static final Duration LIFE = Duration.ofMinutes(30);

    private static final Duration PROMPT = Duration.ofSeconds(10);

    private final SessionWire wire;
    private final SessionPool pool;
    private final Subscriptions subscriptions;
    private final Flux<ServerChange> all = Flux.defer(this::opened).share();

    ChangeFeed(
            SessionWire wire,
            SessionPool pool,
            Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        this.wire = wire;
        this.pool = pool;
        this.subscriptions = new Subscriptions(ask);
    }

    Flux<ServerChange> changes(ChangeSubscription wanted) {
        var uris = wanted.uris();
        return all.onBackpressureBuffer(MOST_WAITING, _ -> {}, BufferOverflowStrategy.DROP_OLDEST)
                .filter(change -> Changes.concern(change, uris))
                .mergeWith(subscribed(wanted))
                .doOnCancel(() -> subscriptions.remove(uris))
                .doOnTerminate(() -> subscriptions.forget(uris))
                .onErrorMap(Faults::of);
    }

    private Mono<ServerChange> subscribed(ChangeSubscription wanted) {
        return pool.session(SessionKey.OWN)
                .filter(ChangeFeed::takesSubscriptions)
                .flatMap(_ -> subscriptions.add(wanted.uris()))
                .then(Mono.empty());
    }

    private static boolean takesSubscriptions(Session session) {
        var resources = session.greeting().capabilities().path("resources");
        return resources.path("subscribe").asBoolean(false);
    }

    private Flux<ServerChange> opened() {
        return pool.session(SessionKey.OWN).flatMapMany(this::listen);
    }

    private Flux<ServerChange> listen(Session session) {
        var asked =
                new Asked(
                        0,
                        session.headers(),
                        Deadline.in(LIFE),
                        EventStream.MOST_OF_CHANGES,
                        Envelope.plain(""));
        return wire.patient()
                .listen(asked, List.of())
                .flatMapMany(reply -> changes(reply, session));
    }

    private Flux<ServerChange> changes(EgressReply reply, Session session) {
        if (Resumption.isEvents(reply)) {
            var strays = new Strays();
            return EventStream.read(reply.body(), MAX_EVENT)
                    .filter(event -> !event.data().isEmpty())
                    .concatMap(event -> change(event, session, strays), 1)
                    .concatWith(Mono.error(ChangeFeed::lost));
        }
        reply.discard();
        return neverCan(reply, session) ? Flux.empty() : Flux.error(refused(reply, session));
    }

    private static boolean neverCan(EgressReply reply, Session session) {
        return reply.status() == METHOD_NOT_ALLOWED
                || reply.status() == NOT_FOUND && !session.named();
    }

    private UpstreamFault refused(EgressReply reply, Session session) {
        pool.forget(SessionKey.OWN, session);
        return reply.status() == 200
                ? new UpstreamFault(UpstreamFailure.PROTOCOL_ERROR, true)
                : Faults.ofStatus(reply.status());
    }

    private static UpstreamFault lost() {
        return new UpstreamFault(UpstreamFailure.UNREACHABLE, true);
    }

    /** A request on this stream belongs to no call, so that nobody is there to answer it. */
    private Mono<ServerChange> change(ServerEvent event, Session session, Strays strays) {
        return switch (RpcMessage.read(event.data().getBytes(UTF_8))) {
            case RpcMessage.Notification notification -> {
                session.stream().told(notification);
                yield Mono.justOrEmpty(Changes.of(notification));
            }
            case RpcMessage.ServerRequest request -> told(answer(request), session);
            case RpcMessage.Response _, RpcMessage.Foreign _ -> {
                strays.skip(event.data().length());
                yield Mono.empty();
            }
        };
    }

    private static byte[] answer(RpcMessage.ServerRequest request) {
        return request.method().equals("ping")
                ? Frames.emptyResult(request.id())
                : Frames.error(request.id(), METHOD_NOT_FOUND, "Method not found");
    }

    private Mono<ServerChange> told(byte[] frame, Session session) {
        return wire.http()
                .tell(frame, session.headers(), Deadline.in(PROMPT))
                .onErrorComplete()
                .then(Mono.empty());
    }
}
