package io.sallyport.servers;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.ServerLists;
import io.sallyport.catalog.ServerProfile;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** All that a server says when it is asked what it is and what it offers: complete, or nothing. */
record ServerAnswer(ServerProfile profile, ServerLists lists) {
    /**
     * Asks the server; blocks for as long as the upstream's time limits allow.
     *
     * @throws UpstreamFault if it does not answer, or one of its lists cannot be had whole
     */
    static ServerAnswer of(McpUpstream upstream) throws InterruptedException {
        var greeting = Await.one(upstream.probe());
        return new ServerAnswer(
                profile(greeting),
                new ServerLists(
                        list(upstream, greeting, ListKind.TOOLS),
                        list(upstream, greeting, ListKind.RESOURCES),
                        list(upstream, greeting, ListKind.TEMPLATES),
                        list(upstream, greeting, ListKind.PROMPTS)));
    }

    /** What a server does not claim to have, it is not asked for. */
    private static List<JsonNode> list(McpUpstream upstream, ServerGreeting greeting, ListKind kind)
            throws InterruptedException {
        return greeting.capabilities().has(kind.capability())
                ? Await.one(upstream.list(kind))
                : List.of();
    }

    private static ServerProfile profile(ServerGreeting greeting) {
        return new ServerProfile(
                greeting.era(),
                greeting.capabilities(),
                greeting.instructions(),
                greeting.serverInfo());
    }
}
