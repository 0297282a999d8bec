package io.sallyport.upstream.session;

import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.upstream.wire.Changes;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Faults;
import io.sallyport.upstream.wire.Subscriptions;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * What changes at a server, heard on the stream of the session in which the calls of the same
 * principal are made: servers tell a session of the resources that it subscribed to, and some of
 * nothing until a tool was called in it.
 */
final class ChangeFeed {
    /** Waiting for a slow listener; what was told longest ago is dropped beyond. */
    private static final int MOST_WAITING = 1_000;

    private static final Duration PROMPT = Duration.ofSeconds(2);

    private final SessionPool pool;
    private final BiFunction<UpstreamRequest, Session, Mono<UpstreamReply>> ask;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    /**
     * @param ask asks something in exactly that session
     */
    ChangeFeed(SessionPool pool, BiFunction<UpstreamRequest, Session, Mono<UpstreamReply>> ask) {
        this.pool = pool;
        this.ask = ask;
    }

    /**
     * Whoever wants to hear of the lists alone comes again by himself, and looks at them before.
     */
    Flux<ServerChange> changes(ChangeSubscription wanted) {
        var key = SessionKey.of(wanted.envelope());
        var changes = Flux.defer(() -> inSession(key, wanted.uris()));
        return (wanted.uris().isEmpty() ? changes : insisting(changes))
                .takeUntilOther(closed.asMono())
                .onErrorMap(Faults::of);
    }

    private static Flux<ServerChange> insisting(Flux<ServerChange> changes) {
        return Flux.defer(() -> {
            var attempts = new Attempts();
            return changes.doOnSubscribe(_ -> attempts.begin())
                    .retryWhen(Retry.from(ends -> ends.concatMap(it -> attempts.next(it))));
        });
    }

    /** One listener's way back to a stream that was lost, or to a session. */
    private static final class Attempts {
        private final ResumePosition place = new ResumePosition();
        private boolean isRefused;

        void begin() {
            place.opening();
        }

        /** Waits before the next one; a server that refused the last one too is left alone. */
        Mono<Long> next(Retry.RetrySignal signal) {
            var before = isRefused;
            isRefused = isRefusal(Faults.of(signal.failure()).failure());
            return before && isRefused ? Mono.error(signal.failure()) : place.pause();
        }

        private static boolean isRefusal(UpstreamFailure failure) {
            return switch (failure) {
                case UNREACHABLE, TIMED_OUT, OVER_LIMIT, OVERLOADED, SERVER_ERROR -> false;
                case PROTOCOL_ERROR,
                        NOT_JSON,
                        ENCODED,
                        REDIRECT,
                        RESPONSE_TOO_LARGE,
                        EGRESS_DENIED,
                        UNAUTHORISED,
                        HTTP_ERROR,
                        DECLINED ->
                        true;
            };
        }
    }

    private Flux<ServerChange> inSession(SessionKey key, Set<String> uris) {
        return pool.session(key)
                .flatMapMany(session -> in(session, uris).doOnError(it -> lost(key, session, it)));
    }

    private Flux<ServerChange> in(Session session, Set<String> uris) {
        var wish = session.subscriptions().wish(uris, it -> ask.apply(it, session));
        return session.stream()
                .changes()
                .onBackpressureBuffer(MOST_WAITING, _ -> {}, BufferOverflowStrategy.DROP_OLDEST)
                .filter(change -> Changes.concern(change, uris))
                .mergeWith(uris.isEmpty() ? Mono.empty() : subscribed(session, wish))
                .doOnCancel(wish::leave)
                .doOnTerminate(wish::forget);
    }

    /** Asked once the stream is there, on which the server may answer at once. */
    private static Mono<ServerChange> subscribed(Session session, Subscriptions.Wish wish) {
        return session.greeting().takesSubscriptions()
                ? session.stream().ready(Deadline.in(PROMPT)).then(wish.begin())
                : Mono.empty();
    }

    /** A session that is gone, or has no stream, is forgotten; our own holds nothing anyway. */
    private void lost(SessionKey key, Session session, Throwable thrown) {
        boolean isGone = thrown instanceof SessionGone || thrown instanceof SessionDoubtful;
        boolean isOurs =
                key.equals(SessionKey.OWN)
                        && Faults.of(thrown).failure() != UpstreamFailure.UNREACHABLE;
        if (isGone || isOurs || session.stream().isRefused()) {
            pool.forget(key, session);
        }
    }

    /** Nobody hears anything any more. */
    void close() {
        closed.tryEmitEmpty();
    }
}
