package io.sallyport.gate;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.policy.Principal;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything about a call that is not the call itself.
 *
 * @param offer the tools that this run or endpoint offered; a name outside it does not exist
 * @param key identity of the attempt: an intent with this key is written at most once, ever
 * @param face {@code chat} or {@code mcp}
 * @param requestId the {@code x-request-id} of the HTTP request
 * @param run the chat run, absent on MCP
 * @param client who waits for the answer, and what it can do meanwhile
 * @param room where the answer counts until it was handed on
 * @param timeout longest time the upstream may take, connection included; a server's own is
 *     shorter, as a rule
 */
public record CallContext(
        Principal principal,
        OfferedTools offer,
        String key,
        String face,
        String requestId,
        Optional<String> run,
        ClientContext client,
        AnswerRoom room,
        Duration timeout) {
    /** So that what is late fails as late, and not as a mistake. */
    private static final Duration LEAST = Duration.ofMillis(1);

    /** The same in that time, if it is shorter. */
    CallContext within(Duration limit) {
        return limit.compareTo(timeout) < 0 ? in(limit) : this;
    }

    /** The same when {@code spent} of its time is over. */
    CallContext after(Duration spent) {
        var left = timeout.minus(spent);
        return in(left.compareTo(LEAST) < 0 ? LEAST : left);
    }

    /** Whether anything could still be begun in it. */
    boolean hasTime() {
        return timeout.compareTo(LEAST) > 0;
    }

    private CallContext in(Duration time) {
        return new CallContext(principal, offer, key, face, requestId, run, client, room, time);
    }
}
