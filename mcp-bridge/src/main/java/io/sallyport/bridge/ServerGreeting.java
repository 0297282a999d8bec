package io.sallyport.bridge;

import io.sallyport.catalog.Era;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server said of itself when it was first asked. Everything but {@code era} is the server's
 * claim.
 *
 * @param serverInfo as sent; never the source of a slug
 * @param capabilities as sent, without those that are null: it does not have them
 * @param instructions text meant for a model; untrusted
 */
public record ServerGreeting(
        Era era,
        String protocolVersion,
        JsonNode serverInfo,
        JsonNode capabilities,
        Optional<String> instructions) {
    public ServerGreeting {
        capabilities =
                capabilities instanceof ObjectNode claims
                        ? claims.deepCopy().removeIf(JsonNode::isNull)
                        : capabilities;
    }

    /** Whether it says that it tells of changes of resources, once it was asked to. */
    public boolean takesSubscriptions() {
        return capabilities.path("resources").path("subscribe").asBoolean(false);
    }

    @Override
    public String toString() {
        return "ServerGreeting[" + protocolVersion + "]";
    }
}
