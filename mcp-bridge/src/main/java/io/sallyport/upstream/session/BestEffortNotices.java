package io.sallyport.upstream.session;

import io.sallyport.threads.Await;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.Frames;
import io.sallyport.upstream.wire.McpHttp;
import io.sallyport.upstream.wire.OutboundRequest;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * What a server is told without waiting for it: that a request is cancelled, that a session is
 * over. Nothing depends on whether it hears.
 */
final class BestEffortNotices {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final McpHttp http;

    BestEffortNotices(McpHttp http) {
        this.http = http;
    }

    /** MCP 2025-11-25, Cancellation. */
    void cancelled(OutboundRequest asked) {
        var params =
                "{\"requestId\":" + asked.id() + ",\"reason\":\"The caller no longer waits.\"}";
        var body = Frames.notification("notifications/cancelled", params);
        detach(http.tell(body, asked.headers(), Deadline.in(PATIENCE)));
    }

    /** MCP 2025-11-25, Session Management. */
    void ended(Session session) {
        if (session.named()) {
            detach(http.delete(session.headers()));
        }
    }

    private static void detach(Mono<Integer> told) {
        Await.nothing(told);
    }
}
