package io.sallyport.mcp;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a client may say that it can do; what else it says is neither kept nor passed on. */
final class ClientCapabilities {
    private static final Map<String, List<String>> KNOWN =
            Map.of(
                    "elicitation", List.of("form", "url"),
                    "sampling", List.of("tools", "context"),
                    "roots", List.of());

    private ClientCapabilities() {}

    /** The known ones of what was declared, each an object with nothing of the client's in it. */
    static ObjectNode known(JsonNode declared) {
        var known = JsonNodeFactory.instance.objectNode();
        KNOWN.forEach((name, parts) -> {
            if (declared.path(name).isObject()) {
                copy(parts, declared.path(name), known.putObject(name));
            }
        });
        return known;
    }

    private static void copy(List<String> parts, JsonNode declared, ObjectNode known) {
        parts.stream().filter(it -> declared.path(it).isObject()).forEach(known::putObject);
    }
}
