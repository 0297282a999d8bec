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
     * Wants them from the subscription on, and asks for those that nobody wanted before. Emits
     * nothing; a server that refuses one of them just never tells of it.
     */
    public Mono<ServerChange> add(
            Set<String> uris, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        return Flux.defer(() -> Flux.fromIterable(added(uris))).concatMap(ask).then(Mono.empty());
    }

    private List<UpstreamRequest> added(Set<String> uris) {
        return uris.stream()
                .filter(uri -> wanted.merge(uri, 1, Integer::sum) == 1)
                .map(uri -> request("resources/subscribe", uri))
                .toList();
    }

    /** Forgets them, and tells the server of those that nobody wants any more. */
    public void remove(Set<String> uris, Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        forget(uris).stream()
                .map(uri -> request("resources/unsubscribe", uri))
                .forEach(it -> Await.nothing(ask.apply(it)));
    }

    /** Forgets them, and returns those that nobody wants any more. */
    public List<String> forget(Set<String> uris) {
        return uris.stream().filter(this::isLast).toList();
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
