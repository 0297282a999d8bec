package io.sallyport.bridge.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.JsonText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.StringNode;

/**
 * The resources whose updates are wanted in one session, each asked for once however many want it.
 */
public final class Subscriptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long MAX_ANSWER = 64 * 1024;

    private final Map<String, Integer> wanted = new ConcurrentHashMap<>();

    /**
     * What one listener wants, from now on at the earliest.
     *
     * @param ask asks the server something in that session
     */
    public Wish wish(Set<String> uris, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        return new Wish(uris, ask);
    }

    /**
     * What one listener wants. It may leave before it was counted, or while it is: then it takes
     * from no other listener, and nothing is asked for it any more.
     */
    public final class Wish {
        private final Set<String> uris;
        private final Function<UpstreamRequest, Mono<UpstreamReply>> ask;
        private boolean isCounted;
        private boolean isOver;

        private Wish(Set<String> uris, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
            this.uris = Set.copyOf(uris);
            this.ask = ask;
        }

        /**
         * Counts from the subscription on, and asks for what nobody wanted before. Emits nothing; a
         * server that refuses one of them just never tells of it.
         */
        public Mono<ServerChange> begin() {
            return Flux.defer(() -> Flux.fromIterable(begun())).concatMap(ask).then(Mono.empty());
        }

        private synchronized List<UpstreamRequest> begun() {
            if (isOver) {
                return List.of();
            }
            isCounted = true;
            return uris.stream()
                    .filter(uri -> wanted.merge(uri, 1, Integer::sum) == 1)
                    .map(uri -> request("resources/subscribe", uri))
                    .toList();
        }

        /** The listener left: the server is told of what nobody wants any more. */
        public void leave() {
            ended().stream()
                    .map(uri -> request("resources/unsubscribe", uri))
                    .forEach(it -> Await.nothing(ask.apply(it)));
        }

        /** The session ended: there is nobody to tell. */
        public void forget() {
            var _ = ended();
        }

        /** What nobody wants any more. */
        private synchronized List<String> ended() {
            var counted = isCounted && !isOver ? uris : Set.<String>of();
            isOver = true;
            return counted.stream().filter(Subscriptions.this::isLast).toList();
        }
    }

    /** Forgets one who wanted it; true if he was the last, and there was one. */
    private boolean isLast(String uri) {
        if (wanted.remove(uri, 1)) {
            return true;
        }
        wanted.computeIfPresent(uri, (_, count) -> count - 1);
        return false;
    }

    private static UpstreamRequest request(String method, String uri) {
        var params = "{\"uri\":" + JsonText.text(StringNode.valueOf(uri)) + "}";
        return new UpstreamRequest(
                method, params.getBytes(UTF_8), Envelope.plain(""), TIMEOUT, MAX_ANSWER);
    }
}
