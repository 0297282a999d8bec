package io.sallyport.upstream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.JsonText;
import io.sallyport.threads.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.node.StringNode;

/**
 * The resources whose updates are wanted in one session, each asked for once however many want it.
 * What the server is asked belongs to the session: a listener that leaves takes nothing back. About
 * one resource the server is asked one thing at a time, so that no request overtakes another.
 */
public final class Subscriptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long MAX_ANSWER = 64 * 1024;

    private final Map<String, Resource> resources = new HashMap<>(); // guarded by this

    /**
     * What one listener wants, from now on at the earliest.
     *
     * @param ask asks the server something in that session
     */
    public Wish wish(Set<String> uris, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        return new Wish(uris, ask);
    }

    /**
     * What one listener wants. It may leave before it was counted, or while the server is asked:
     * then it takes from no other listener, and nothing more is asked for it.
     */
    public final class Wish {
        private final Set<String> uris;
        private final Function<UpstreamRequest, Mono<UpstreamReply>> ask;
        private boolean isOver; // guarded by the subscriptions

        private Wish(Set<String> uris, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
            this.uris = Set.copyOf(uris);
            this.ask = ask;
        }

        /**
         * Counts from the subscription on, and asks for what nobody wanted before. Emits nothing,
         * completes once the server has answered for all of them, and fails if it cannot be asked;
         * a server that refuses one of them just never tells of it.
         */
        public Mono<ServerChange> begin() {
            return Flux.defer(() -> Flux.fromIterable(begun()))
                    .concatMap(Function.identity())
                    .then(Mono.empty());
        }

        private List<Mono<Void>> begun() {
            var answers = join(this);
            uris.forEach(this::settle);
            return answers;
        }

        /** The listener left: the server is told of what nobody wants any more. */
        public void leave() {
            part(this);
            uris.forEach(this::settle);
        }

        /** The session ended: there is nobody to tell. */
        public void forget() {
            part(this);
            forgetUnwanted(uris);
        }

        /** Asks for what is missing or too much, unless an answer is still to come. */
        private void settle(String uri) {
            next(uri).ifPresent(method -> Await.nothing(asked(method, uri)));
        }

        private Mono<UpstreamReply> asked(String method, String uri) {
            return Mono.defer(() -> ask.apply(request(method, uri)))
                    .doOnSuccess(_ -> done(uri).tryEmitEmpty())
                    .doOnError(failure -> failed(uri).tryEmitError(failure))
                    .doOnTerminate(() -> settle(uri));
        }
    }

    private synchronized List<Mono<Void>> join(Wish wish) {
        return wish.isOver ? List.of() : wish.uris.stream().map(it -> join(wish, it)).toList();
    }

    private Mono<Void> join(Wish wish, String uri) {
        var resource = resources.computeIfAbsent(uri, _ -> new Resource());
        resource.wishes.add(wish);
        return resource.subscribed();
    }

    private synchronized void part(Wish wish) {
        wish.isOver = true;
        resources.values().forEach(it -> it.wishes.remove(wish));
    }

    private synchronized void forgetUnwanted(Set<String> uris) {
        uris.forEach(uri -> known(uri).ifPresent(Resource::forget));
        forgetOver();
    }

    private synchronized Optional<String> next(String uri) {
        var next = known(uri).flatMap(Resource::next);
        forgetOver();
        return next;
    }

    private void forgetOver() {
        resources.values().removeIf(Resource::isOver);
    }

    private synchronized Sinks.Empty<Void> done(String uri) {
        return known(uri).orElseThrow().done();
    }

    private synchronized Sinks.Empty<Void> failed(String uri) {
        return known(uri).orElseThrow().failed();
    }

    private Optional<Resource> known(String uri) {
        return Optional.ofNullable(resources.get(uri));
    }

    private static UpstreamRequest request(String method, String uri) {
        var params = "{\"uri\":" + JsonText.text(StringNode.valueOf(uri)) + "}";
        return new UpstreamRequest(
                method, params.getBytes(UTF_8), Envelope.plain(""), TIMEOUT, MAX_ANSWER);
    }

    /** A resource that is wanted, or was. Guarded by the subscriptions. */
    private static final class Resource {
        private final Set<Wish> wishes = new HashSet<>();
        private State state = State.ABSENT;
        private Sinks.Empty<Void> answer = Sinks.empty();

        /** Completes once it is subscribed to, fails if the server cannot be asked. */
        Mono<Void> subscribed() {
            return state == State.SUBSCRIBED ? Mono.empty() : answer.asMono();
        }

        /** What to ask the server now, if anything. */
        Optional<String> next() {
            if (state == State.ABSENT && !wishes.isEmpty()) {
                state = State.SUBSCRIBING;
                return Optional.of("resources/subscribe");
            }
            if (state == State.SUBSCRIBED && wishes.isEmpty()) {
                state = State.UNSUBSCRIBING;
                return Optional.of("resources/unsubscribe");
            }
            return Optional.empty();
        }

        /** The server did what it was asked; returns whom to tell. */
        Sinks.Empty<Void> done() {
            if (state == State.UNSUBSCRIBING) {
                return unsubscribed();
            }
            state = State.SUBSCRIBED;
            return waiting();
        }

        /** Those who wait for it are told, and want it no more; returns whom to tell. */
        Sinks.Empty<Void> failed() {
            if (state == State.UNSUBSCRIBING) {
                return unsubscribed();
            }
            state = State.ABSENT;
            wishes.clear();
            return waiting();
        }

        /** Nobody waits for that: who wants it meanwhile waits until it is asked for anew. */
        private Sinks.Empty<Void> unsubscribed() {
            state = State.ABSENT;
            return Sinks.empty();
        }

        private Sinks.Empty<Void> waiting() {
            var waiting = answer;
            answer = Sinks.empty();
            return waiting;
        }

        /** Nobody tells the server any more, so whoever wants it next asks again. */
        void forget() {
            if (state == State.SUBSCRIBED && wishes.isEmpty()) {
                state = State.ABSENT;
            }
        }

        boolean isOver() {
            return state == State.ABSENT && wishes.isEmpty();
        }
    }

    /** What the server does for a resource, as far as it was asked. */
    private enum State {
        ABSENT,
        SUBSCRIBING,
        SUBSCRIBED,
        UNSUBSCRIBING
    }
}
