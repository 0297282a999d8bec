package io.sallyport.bridge;

import io.sallyport.catalog.Era;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a server said of itself when it was first asked. Everything but {@code era} is the server's
 * claim.
 *
 * @param serverInfo as sent; never the source of a slug
 * @param capabilities as sent
 * @param instructions text meant for a model; untrusted
 */
public record ServerGreeting(
        Era era,
        String protocolVersion,
        JsonNode serverInfo,
        JsonNode capabilities,
        Optional<String> instructions) {
    @Override
    public String toString() {
        return "ServerGreeting[" + protocolVersion + "]";
    }
}
