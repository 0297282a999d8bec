package io.sallyport.bridge.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.Envelope;
import io.sallyport.bridge.UpstreamRequest;
import io.sallyport.catalog.JsonText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.StringNode;

/**
 * The resources whose updates are wanted in one session, each asked for once however many want it.
 */
public final class Subscriptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long MAX_ANSWER = 64 * 1024;

    private final Map<String, Integer> wanted = new ConcurrentHashMap<>();

    /** What the server is asked now, for those of them that nobody wanted before. */
    public List<UpstreamRequest> add(Set<String> uris) {
        return uris.stream()
                .filter(uri -> wanted.merge(uri, 1, Integer::sum) == 1)
                .map(uri -> request("resources/subscribe", uri))
                .toList();
    }

    /** Forgets them; what the server can be told, of those that nobody wants any more. */
    public List<UpstreamRequest> remove(Set<String> uris) {
        return uris.stream()
                .filter(this::isLast)
                .map(uri -> request("resources/unsubscribe", uri))
                .toList();
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
