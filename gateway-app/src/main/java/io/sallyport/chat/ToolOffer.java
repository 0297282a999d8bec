package io.sallyport.chat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.error.Reason;
import io.sallyport.gate.OfferedTools;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ToolRef;
import io.sallyport.tenant.ModelTool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools that the model is offered: the client's own and the server's.
 *
 * @param server by alias, in the order in which they are offered
 * @param client names of the client's own tools
 */
record ToolOffer(SequencedMap<String, CatalogTool> server, Set<String> client) {
    /** What the Chat Completions API takes at most. */
    static final int MAX_TOOLS = 128;

    ToolOffer {
        server = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(server));
        client = Set.copyOf(client);
    }

    /** The tools that the client itself brought with {@code body}. */
    static Set<String> clientNames(ObjectNode body) {
        var names = new HashSet<String>();
        for (var tool : Members.elements(body, "tools")) {
            names.add(nameOf(tool));
        }
        names.remove("");
        return names;
    }

    private static String nameOf(JsonNode tool) {
        return Members.text(tool.path(Members.text(tool, "type")), "name");
    }

    /**
     * The server's tools beside the client's in {@code body}, which stays as it is.
     *
     * @throws ChatFailure if a name is taken twice or there are too many
     */
    static ToolOffer of(ObjectNode body, SequencedMap<String, CatalogTool> server) {
        var client = clientNames(body);
        if (!Collections.disjoint(client, server.keySet())) {
            throw ChatFailure.invalid(
                    Reason.TOOL_NAME_CONFLICT,
                    "A function has the name of a server tool; rename it.",
                    "tools");
        }
        requireFew(Members.elements(body, "tools").size() + server.size());
        return new ToolOffer(server, client);
    }

    private static void requireFew(int tools) {
        if (tools > MAX_TOOLS) {
            throw ChatFailure.invalid(
                    Reason.TOO_MANY_TOOLS,
                    "At most " + MAX_TOOLS + " tools fit into one request.",
                    "tools");
        }
    }

    /**
     * Puts the server's tools behind the client's in {@code body}. What is written of them is
     * shared with other requests.
     *
     * @return the offer without the tools of which nothing is written
     */
    ToolOffer appendTo(ObjectNode body, Map<String, ModelTool> written) {
        var offered = new LinkedHashMap<String, CatalogTool>();
        var tools = new ArrayList<JsonNode>(Members.elements(body, "tools"));
        server.forEach((alias, tool) ->
                Optional.ofNullable(written.get(alias))
                        .flatMap(ModelTool::function)
                        .ifPresent(it -> {
                            tools.add(it);
                            offered.put(alias, tool);
                        }));
        if (!server.isEmpty()) {
            setTools(body, tools);
        }
        return new ToolOffer(offered, client);
    }

    /** A request without tools has no choice of one either: providers refuse it. */
    static void setTools(ObjectNode body, List<JsonNode> tools) {
        if (tools.isEmpty()) {
            body.remove(List.of("tools", "tool_choice", "parallel_tool_calls"));
        } else {
            body.putArray("tools").addAll(tools);
        }
    }

    /** Every name that the model may call. */
    Set<String> names() {
        var names = new HashSet<>(client);
        names.addAll(server.keySet());
        return names;
    }

    /** Whether it has a tool that does more than to read. */
    boolean mayChange() {
        return server.keySet().stream().anyMatch(it -> !isReadOnly(it));
    }

    boolean isClients(String name) {
        return client.contains(name);
    }

    /** What the gate resolves names in. */
    OfferedTools.Listed listed() {
        var refs = new HashMap<String, ToolRef>();
        server.forEach((alias, tool) -> refs.put(alias, tool.listed().ref()));
        return new OfferedTools.Listed(refs);
    }

    Optional<ToolRef> ref(String name) {
        return Optional.ofNullable(server.get(name)).map(it -> it.listed().ref());
    }

    /** A name that was not offered reads nothing and writes nothing: the gate refuses it. */
    boolean isReadOnly(String name) {
        var tool = server.get(name);
        return tool == null || tool.effectiveRisk() == Risk.READ;
    }
}
