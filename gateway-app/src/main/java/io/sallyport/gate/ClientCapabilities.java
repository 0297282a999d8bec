package io.sallyport.gate;

import io.sallyport.catalog.Relay;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a client may say that it can do; what else it says is neither kept nor passed on. */
public final class ClientCapabilities {
    private static final Map<Relay, List<String>> PARTS =
            Map.of(
                    Relay.ELICITATION, List.of("form", "url"),
                    Relay.SAMPLING, List.of("tools", "context"),
                    Relay.ROOTS, List.of());

    private ClientCapabilities() {}

    /** The known ones of what was declared, each an object with nothing of the client's in it. */
    public static ObjectNode known(JsonNode declared) {
        return known(declared, EnumSet.allOf(Relay.class));
    }

    /** The same, of these kinds. */
    static ObjectNode known(JsonNode declared, Set<Relay> kinds) {
        var known = JsonNodeFactory.instance.objectNode();
        for (var kind : Relay.values()) {
            var one = declared.path(kind.code());
            if (kinds.contains(kind) && one.isObject()) {
                copy(PARTS.getOrDefault(kind, List.of()), one, known.putObject(kind.code()));
            }
        }
        return known;
    }

    private static void copy(List<String> parts, JsonNode declared, ObjectNode known) {
        parts.stream().filter(it -> declared.path(it).isObject()).forEach(known::putObject);
    }
}
