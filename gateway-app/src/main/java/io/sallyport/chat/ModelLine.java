package io.sallyport.chat;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.policy.TenantId;
import io.sallyport.provider.ModelProvider;
import io.sallyport.provider.ModelRequest;
import io.sallyport.provider.ModelTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * The line from one run to its model.
 *
 * @param deadline when the run's time is over
 * @param room where the answers of its model and its tools count
 */
record ModelLine(
        ModelProvider provider,
        TenantId tenant,
        ModelTarget target,
        Clock clock,
        Instant deadline,
        AnswerRoom room) {
    /** What the last answer gets, so that a run whose time is over still says something. */
    static final Duration GRACE = Duration.ofSeconds(30);

    ModelRequest request(ObjectNode body) {
        return new ModelRequest(tenant, target, body, timeout(), room);
    }

    /** At least the grace, but never beyond the end of it. */
    private Duration timeout() {
        var left = remaining();
        if (!left.isNegative()) {
            return left.compareTo(GRACE) < 0 ? GRACE : left;
        }
        var rest = left.plus(GRACE);
        return rest.isPositive() ? rest : Duration.ofMillis(1);
    }

    Duration remaining() {
        return Duration.between(clock.instant(), deadline);
    }

    boolean isOver() {
        return !remaining().isPositive();
    }
}
