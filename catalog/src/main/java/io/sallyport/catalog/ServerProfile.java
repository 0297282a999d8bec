package io.sallyport.catalog;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a server last said of itself, kept so that clients can be greeted while the server is away.
 *
 * @param era what was negotiated, never {@code AUTO}
 * @param capabilities as declared
 * @param instructions text meant for a model, as sent; shown to clients only once reviewed, see
 *     {@link McpServer#instructions()}
 * @param serverInfo as sent; a claim and no more
 */
public record ServerProfile(
        Era era, JsonNode capabilities, Optional<String> instructions, JsonNode serverInfo) {}
