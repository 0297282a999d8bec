package io.sallyport.catalog;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a server last said of itself, kept so that clients can be greeted while the server is away.
 * Where a server said nothing, or what is no object, there is an empty one.
 *
 * @param era what was negotiated, never {@code AUTO}
 * @param capabilities as declared
 * @param instructions text meant for a model, as sent; shown to clients only once reviewed, see
 *     {@link McpServer#instructions()}
 * @param serverInfo as sent; a claim and no more
 */
public record ServerProfile(
        Era era, JsonNode capabilities, Optional<String> instructions, JsonNode serverInfo) {

    public ServerProfile {
        capabilities = object(capabilities);
        serverInfo = object(serverInfo);
    }

    private static JsonNode object(JsonNode said) {
        return said.isObject() ? said : JsonNodeFactory.instance.objectNode();
    }
}
