package io.sallyport.chat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the request itself says about server tools. Each source narrows what is allowed, none widens
 * it.
 *
 * @param named the lists of toolsets that header and metadata name, each absent if not given
 * @param entries the {@code mcp} entries of {@code tools}
 */
record Wishes(List<List<String>> named, List<McpEntry> entries) {
    Wishes {
        named = List.copyOf(named);
        entries = List.copyOf(entries);
    }

    /** Reads them and takes them out of the request: the provider never sees them. */
    static Wishes takenFrom(ObjectNode body, HttpHeaders headers) {
        ToolsetNames.refuseUnsupported(headers);
        var named =
                Stream.of(ToolsetNames.inHeader(headers), ToolsetNames.takenFromMetadata(body))
                        .flatMap(Optional::stream)
                        .toList();
        return new Wishes(named, takenEntries(body));
    }

    private static List<McpEntry> takenEntries(ObjectNode body) {
        if (!Members.has(body, "tools")) {
            return List.of();
        }
        if (!(body.path("tools") instanceof ArrayNode tools)) {
            throw ChatFailure.invalidRequest("tools must be an array.", "tools");
        }
        var entries = Members.stream(tools).filter(McpEntry::isOne).map(McpEntry::read).toList();
        if (!entries.isEmpty()) {
            keepClientTools(body, tools);
        }
        return entries;
    }

    private static void keepClientTools(ObjectNode body, ArrayNode tools) {
        List<JsonNode> kept = Members.stream(tools).filter(it -> !McpEntry.isOne(it)).toList();
        if (kept.isEmpty()) {
            body.remove("tools");
        } else {
            body.putArray("tools").addAll(kept);
        }
    }

    /** Somebody sent an empty list: no server tools, whatever the defaults are. */
    boolean wantNone() {
        return named.stream().anyMatch(List::isEmpty);
    }

    /** The request asks for tools by itself, so it must not silently run without. */
    boolean ask() {
        return !wantNone() && !(named.isEmpty() && entries.isEmpty());
    }
}
