package io.sallyport.bridge.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.UpstreamReply;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.JsonText;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.StringNode;

/** The resources whose updates are wanted, each asked for once however many want it. */
final class Subscriptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long MAX_ANSWER = 64 * 1024;

    private final Function<UpstreamRequest, Mono<UpstreamReply>> ask;
    private final Map<String, Integer> wanted = new ConcurrentHashMap<>();

    Subscriptions(Function<UpstreamRequest, Mono<UpstreamReply>> ask) {
        this.ask = ask;
    }

    /** A server that refuses one of them just never tells of it. */
    Mono<Void> add(Set<String> uris) {
        return Flux.fromIterable(uris)
                .filter(uri -> wanted.merge(uri, 1, Integer::sum) == 1)
                .concatMap(uri -> ask.apply(request("resources/subscribe", uri)))
                .then();
    }

    /** Forgets them, and tells the server of those that nobody wants any more. */
    void remove(Set<String> uris) {
        uris.stream()
                .filter(this::isLast)
                .forEach(uri -> Await.nothing(ask.apply(request("resources/unsubscribe", uri))));
    }

    /** The same when the server is not there to be told. */
    void forget(Set<String> uris) {
        uris.forEach(this::isLast);
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
