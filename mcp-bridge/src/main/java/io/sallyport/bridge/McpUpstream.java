package io.sallyport.bridge;

import io.sallyport.bridge.session.SessionUpstream;
import java.util.List;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * One registered MCP server of one tenant. Thread-safe; nothing is sent before a Mono is subscribed
 * to, and each subscription sends anew.
 */
public interface McpUpstream extends AutoCloseable {
    /** What the server says of itself; fails with {@link UpstreamFault}. */
    Mono<ServerGreeting> probe();

    /**
     * All tools, descriptors as listed: at most 50 pages, 1 000 tools, 4 MiB, 30 s. Fails with
     * {@link UpstreamFault}; never an incomplete list.
     */
    Mono<List<JsonNode>> listTools();

    /** Sends once and answers always; cancelling tells the server. */
    Mono<UpstreamReply> call(UpstreamRequest request);

    /** Ends the sessions, without waiting for the server. */
    @Override
    void close();

    /**
     * @param credential headers that are sent with every request
     */
    static McpUpstream connect(
            EgressClient egress, Destination destination, List<Header> credential) {
        return new SessionUpstream(egress, destination, credential);
    }
}
