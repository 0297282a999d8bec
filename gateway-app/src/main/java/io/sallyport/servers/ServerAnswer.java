package io.sallyport.servers;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.catalog.ServerLists;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.threads.Await;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * All that a server says when it is asked what it is and what it offers: complete, or nothing.
 *
 * @param launch digest of the program that was started to say it; empty if none was
 */
record ServerAnswer(ServerProfile profile, ServerLists lists, String launch) {
    /** For all of it: a list that comes slower than this is no better than none. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Asks the server; blocks for at most thirty seconds. An interrupt ends it.
     *
     * @param room where its lists count, with their trees
     * @throws UpstreamException if it does not answer, or one of its lists cannot be had whole
     */
    static ServerAnswer of(McpUpstream upstream, AnswerRoom room, String launch)
            throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var greeting = within(deadline, upstream.probe());
        var asking = new Asking(upstream, greeting, room, deadline);
        return new ServerAnswer(
                profile(greeting),
                new ServerLists(
                        asking.list(ListKind.TOOLS),
                        asking.list(ListKind.RESOURCES),
                        asking.list(ListKind.TEMPLATES),
                        asking.list(ListKind.PROMPTS)),
                launch);
    }

    private record Asking(
            McpUpstream upstream, ServerGreeting greeting, AnswerRoom room, long deadline) {
        /** What a server does not claim to have, it is not asked for. */
        List<JsonNode> list(ListKind kind) throws InterruptedException {
            return greeting.capabilities().has(kind.capability())
                    ? within(deadline, upstream.list(kind, room))
                    : List.of();
        }
    }

    private static <T> T within(long deadline, Mono<T> answer) throws InterruptedException {
        var left = Duration.ofNanos(Math.max(deadline - System.nanoTime(), 1));
        return Await.one(answer.timeout(left, Mono.error(ServerAnswer::late)));
    }

    private static UpstreamException late() {
        return new UpstreamException(UpstreamFailure.TIMED_OUT, true);
    }

    private static ServerProfile profile(ServerGreeting greeting) {
        return new ServerProfile(
                greeting.era(),
                greeting.capabilities(),
                greeting.instructions(),
                greeting.serverInfo());
    }
}
