package io.sallyport.bridge;

import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * One registered MCP server of one tenant. Thread-safe; nothing is sent before a Mono is subscribed
 * to, and each subscription sends anew.
 */
public interface McpUpstream extends AutoCloseable {
    /** What the server says of itself; fails with {@link UpstreamException}. */
    Mono<ServerGreeting> probe();

    /**
     * Everything of one kind, descriptors as listed: at most 50 pages, 1 000 items, 4 MiB, 30 s.
     * Empty if the server does not have the capability. Fails with {@link UpstreamException}; never
     * an incomplete list.
     *
     * @param room where it counts, with its trees
     */
    Mono<List<JsonNode>> list(ListKind kind, AnswerRoom room);

    /** Sends once and answers always; cancelling tells the server. */
    Mono<UpstreamReply> call(UpstreamRequest request);

    /**
     * What changes, from now on and until cancelled. Fails with {@link UpstreamException} when the
     * server cannot tell any more; completes at once if it never can.
     */
    Flux<ServerChange> changes(ChangeSubscription wanted);

    /** Gives up a request that waits for answers; the server is told. */
    void abandon(Continuation.Parked parked);

    /** What the program says beside its messages, if one was started; after its end too. */
    default ProgramWords words() {
        return ProgramWords.NONE;
    }

    /** Ends the sessions, without waiting for the server. */
    @Override
    void close();
}
