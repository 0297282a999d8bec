package io.sallyport.upstream.session;

import io.sallyport.bridge.UpstreamReply;
import io.sallyport.upstream.wire.Deadline;
import io.sallyport.upstream.wire.NotificationRelay;
import reactor.core.publisher.Sinks;

/**
 * One stretch of a request, up to its answer or to a question of the server.
 *
 * @param question that ends it; there is one at most
 * @param over ends when the next leg begins
 */
record Leg(
        NotificationRelay hearing,
        Sinks.One<UpstreamReply> question,
        Sinks.Empty<UpstreamReply> over) {
    Leg(NotificationRelay hearing) {
        this(hearing, Sinks.one(), Sinks.empty());
    }

    Deadline deadline() {
        return hearing.patience().deadline();
    }
}
