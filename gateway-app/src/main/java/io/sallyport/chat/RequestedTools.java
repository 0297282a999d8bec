package io.sallyport.chat;

import io.sallyport.error.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
record RequestedTools(List<List<String>> named, List<McpEntry> entries) {
    private static final String HEADER = "X-Sallyport-Toolsets";

    private static final String APPROVAL_HEADER = "X-Sallyport-Approval";
    private static final String RUN_HEADER = "X-Sallyport-Run";
    private static final String MEMBER = "sallyport_toolsets";
    private static final String OUR_PREFIX = "sallyport_";
    private static final Set<String> KNOWN = Set.of(MEMBER);

    RequestedTools {
        named = List.copyOf(named);
        entries = List.copyOf(entries);
    }

    /** Reads them and takes them out of the request: the provider never sees them. */
    static RequestedTools takenFrom(ObjectNode body, HttpHeaders headers) {
        refuseUnsupported(headers);
        var named =
                Stream.of(inHeader(headers), takenFromMetadata(body))
                        .flatMap(Optional::stream)
                        .toList();
        return new RequestedTools(named, takenEntries(body));
    }

    /** The toolsets that the header names: empty for "no server tools", absent if there is none. */
    private static Optional<List<String>> inHeader(HttpHeaders headers) {
        var values = headers.get(HEADER);
        return values == null ? Optional.empty() : Optional.of(split(values.stream()));
    }

    /** Takes our members out of {@code metadata} and tells which toolsets they name. */
    private static Optional<List<String>> takenFromMetadata(ObjectNode body) {
        if (!(body.path("metadata") instanceof ObjectNode metadata)) {
            return Optional.empty();
        }
        var ours = metadata.propertyNames().stream().filter(RequestedTools::isOurs).toList();
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        ours.forEach(RequestedTools::requireKnown);
        var names = split(Stream.of(toolsetText(metadata)));
        metadata.remove(ours);
        if (metadata.isEmpty()) {
            body.remove("metadata");
        }
        return Optional.of(names);
    }

    private static boolean isOurs(String member) {
        return member.startsWith(OUR_PREFIX);
    }

    private static void requireKnown(String member) {
        if (!KNOWN.contains(member)) {
            throw ChatFailure.invalid(
                    Reason.UNSUPPORTED_PARAMETER,
                    "This metadata member is not supported.",
                    "metadata");
        }
    }

    private static String toolsetText(ObjectNode metadata) {
        return Members.textOf(metadata.path(MEMBER))
                .orElseThrow(() ->
                        ChatFailure.invalidRequest(
                                "sallyport_toolsets must be a string.", "metadata"));
    }

    /** Asking for what is not there yet must not look as if it had been granted. */
    private static void refuseUnsupported(HttpHeaders headers) {
        var approval = headers.getFirst(APPROVAL_HEADER);
        if (headers.containsHeader(RUN_HEADER)) {
            throw unsupported(RUN_HEADER);
        }
        if (approval != null && !approval.equals("continue")) {
            throw unsupported(APPROVAL_HEADER);
        }
    }

    private static ChatFailure unsupported(String header) {
        return ChatFailure.invalid(
                Reason.UNSUPPORTED_PARAMETER, "This header value is not supported.", header);
    }

    private static List<String> split(Stream<String> values) {
        var names = new ArrayList<String>();
        values.flatMap(it -> Stream.of(it.split(",")))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .forEach(names::add);
        return List.copyOf(names);
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
