package io.sallyport.chat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.error.Reason;
import io.sallyport.policy.Risk;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One {@code {"type":"mcp"}} entry of {@code tools}, in the shape of the Responses API. It chooses
 * among registered servers and toolsets and can never bring a server of its own.
 *
 * @param label slug of a server or name of a toolset
 * @param names tool names that are wanted, absent for all
 */
record McpEntry(String label, Optional<Set<String>> names, boolean readOnly) {
    private static final List<String> FOREIGN =
            List.of("server_url", "authorization", "headers", "connector_id");

    static boolean isOne(JsonNode tool) {
        return Members.text(tool, "type").equals("mcp");
    }

    static McpEntry read(JsonNode tool) {
        refuseForeignServer(tool);
        refuseApproval(tool.path("require_approval"));
        var label = Members.text(tool, "server_label");
        if (label.isEmpty()) {
            throw ChatFailure.invalidRequest("An mcp tool needs a server_label.", "tools");
        }
        return withAllowed(label, tool.path("allowed_tools"));
    }

    private static McpEntry withAllowed(String label, JsonNode allowed) {
        return switch (allowed) {
            case ArrayNode names -> new McpEntry(label, Optional.of(names(names)), false);
            case ObjectNode filter -> filtered(label, filter);
            case JsonNode none when none.isMissingNode() || none.isNull() ->
                    new McpEntry(label, Optional.empty(), false);
            case JsonNode _ -> throw malformedFilter();
        };
    }

    private static McpEntry filtered(String label, ObjectNode filter) {
        var names =
                filter.path("tool_names") instanceof ArrayNode wanted
                        ? Optional.of(names(wanted))
                        : Optional.<Set<String>>empty();
        if (names.isEmpty() && Members.has(filter, "tool_names")) {
            throw malformedFilter();
        }
        return new McpEntry(label, names, Members.isTrue(filter, "read_only"));
    }

    private static Set<String> names(ArrayNode array) {
        var names = new HashSet<String>();
        for (var name : array) {
            names.add(Members.textOf(name).orElseThrow(McpEntry::malformedFilter));
        }
        return names;
    }

    private static void refuseForeignServer(JsonNode tool) {
        if (FOREIGN.stream().anyMatch(it -> Members.has(tool, it))) {
            throw new ChatFailure(
                    new ChatError(
                            400,
                            "mcp_server_url_not_allowed",
                            "Servers are registered by an admin; name one by its server_label.",
                            "tools",
                            Map.of()));
        }
    }

    /** "never" lifts nothing. "always" would tighten, which cannot be honoured yet: refused. */
    private static void refuseApproval(JsonNode approval) {
        var never = Members.textOf(approval).filter("never"::equals).isPresent();
        if (approval.isMissingNode() || approval.isNull() || never) {
            return;
        }
        throw ChatFailure.invalid(
                Reason.UNSUPPORTED_PARAMETER,
                "require_approval can only be \"never\" here; policy decides.",
                "tools");
    }

    private static ChatFailure malformedFilter() {
        return ChatFailure.invalidRequest("allowed_tools must list names.", "tools");
    }

    /** Whether the entry wants this tool, its server or toolset being the right one. */
    boolean wants(CatalogTool tool) {
        return (!readOnly || tool.effectiveRisk() == Risk.READ)
                && names.map(it -> it.stream().anyMatch(name -> isNamed(tool, name))).orElse(true);
    }

    /** A tool is named by its server's own name for it or by its alias. */
    static boolean isNamed(CatalogTool tool, String name) {
        var listed = tool.listed();
        return listed.ref().tool().equals(name) || listed.alias().equals(name);
    }
}
