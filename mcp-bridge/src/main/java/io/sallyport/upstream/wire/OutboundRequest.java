package io.sallyport.upstream.wire;

import io.sallyport.bridge.Envelope;
import io.sallyport.egress.Header;
import java.util.List;

/**
 * What an answer must answer.
 *
 * @param id of the JSON-RPC request, and its progress token
 * @param headers that it was asked with
 * @param maxBytes longest answer
 * @param envelope for whom, and who hears what comes before the answer
 */
public record OutboundRequest(
        long id, List<Header> headers, Deadline deadline, long maxBytes, Envelope envelope) {
    /** The same with another deadline. */
    public OutboundRequest until(Deadline other) {
        return new OutboundRequest(id, headers, other, maxBytes, envelope);
    }

    /** Whether its session is of a revision in which several messages may come as one list. */
    public boolean mayHaveBatches() {
        return headers.stream()
                .filter(it -> it.name().equals("mcp-protocol-version"))
                .anyMatch(it -> Initialize.hasBatches(it.value()));
    }

    public int maxEventBytes() {
        return Math.clamp(maxBytes, 0, Integer.MAX_VALUE);
    }
}
