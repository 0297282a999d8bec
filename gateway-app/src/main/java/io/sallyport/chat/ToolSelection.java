package io.sallyport.chat;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Toolset;
import io.sallyport.error.Reason;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.Principal;
import io.sallyport.provider.ModelAlias;
import io.sallyport.tenant.TenantView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * The server tools of one request: tenant policy ∩ key ∩ model alias ∩ request. Every source only
 * narrows; if nobody names a toolset there are none.
 */
final class ToolSelection {
    private final TenantView view;
    private final Collection<CatalogTool> allowed;

    private ToolSelection(TenantView view, Collection<CatalogTool> allowed) {
        this.view = view;
        this.allowed = allowed;
    }

    /** Whether a server tool is in play at all; if not, the request passes through. */
    static boolean isNamed(ApiKey key, ModelAlias model, RequestedTools requested) {
        return !requested.wantNone()
                && (requested.ask() || model.toolset().isPresent() || key.toolsets().isPresent());
    }

    /**
     * The tools by alias, in the order of their aliases. Empty only if nothing was asked for and
     * the defaults of alias and key come to nothing.
     *
     * @throws ChatFailure if the request asks for something that it may not have
     */
    static SequencedMap<String, CatalogTool> select(
            TenantView view, Principal principal, ModelAlias model, RequestedTools requested) {
        if (!view.policy().isReadable()) {
            throw new ChatFailure(ChatError.policyUnavailable());
        }
        var visible = view.visibleTo(principal).values();
        var allowed = visible.stream().filter(within(view, model)).toList();
        return new ToolSelection(view, allowed).narrowedBy(requested);
    }

    /** A toolset that does not exist contains nothing. */
    private static Predicate<CatalogTool> within(TenantView view, ModelAlias model) {
        if (model.toolset().isEmpty()) {
            return _ -> true;
        }
        var toolset = view.toolset(model.toolset().get());
        return tool -> toolset.map(it -> it.contains(tool.listed().ref())).orElse(false);
    }

    private SequencedMap<String, CatalogTool> narrowedBy(RequestedTools requested) {
        var selected = byAlias(allowed);
        for (var names : requested.named()) {
            selected.keySet().retainAll(inToolsets(names).keySet());
        }
        if (!requested.entries().isEmpty()) {
            selected.keySet().retainAll(inEntries(requested.entries()).keySet());
        }
        if (selected.isEmpty() && requested.ask()) {
            throw noTools();
        }
        return selected;
    }

    private Map<String, CatalogTool> inToolsets(List<String> names) {
        var selected = new LinkedHashMap<String, CatalogTool>();
        names.forEach(it -> selected.putAll(byAlias(inToolset(it))));
        return selected;
    }

    /** An unknown toolset and one that holds nothing for this caller are the same answer. */
    private List<CatalogTool> inToolset(String name) {
        var tools = toolsetTools(name);
        if (tools.isEmpty()) {
            throw noTools();
        }
        return tools;
    }

    private List<CatalogTool> toolsetTools(String name) {
        var toolset = view.toolset(name);
        return toolset.map(this::toolsOf).orElse(List.of());
    }

    private List<CatalogTool> toolsOf(Toolset toolset) {
        return allowed.stream().filter(it -> toolset.contains(it.listed().ref())).toList();
    }

    private Map<String, CatalogTool> inEntries(List<McpEntry> entries) {
        var selected = new LinkedHashMap<String, CatalogTool>();
        entries.forEach(it -> selected.putAll(byAlias(chosenBy(it))));
        return selected;
    }

    private List<CatalogTool> chosenBy(McpEntry entry) {
        var labelled = labelled(entry.label());
        var known =
                entry.names().stream()
                        .flatMap(Collection::stream)
                        .allMatch(name -> isAmong(labelled, name));
        if (labelled.isEmpty() || !known) {
            throw notAllowed();
        }
        return labelled.stream().filter(entry::wants).toList();
    }

    /** A server's slug goes before a toolset of the same name. */
    private List<CatalogTool> labelled(String label) {
        var served =
                allowed.stream()
                        .filter(it -> it.listed().ref().server().value().equals(label))
                        .toList();
        return served.isEmpty() ? toolsetTools(label) : served;
    }

    private static boolean isAmong(List<CatalogTool> tools, String name) {
        return tools.stream().anyMatch(it -> McpEntry.isNamed(it, name));
    }

    private static SequencedMap<String, CatalogTool> byAlias(Collection<CatalogTool> tools) {
        var byAlias = new LinkedHashMap<String, CatalogTool>();
        tools.forEach(it -> byAlias.put(it.listed().alias(), it));
        return byAlias;
    }

    private static ChatFailure noTools() {
        return ChatFailure.invalid(
                Reason.NO_TOOLS_AVAILABLE, "The toolset has no tool that you may use.", "tools");
    }

    private static ChatFailure notAllowed() {
        return ChatFailure.invalid(
                Reason.TOOL_NOT_ALLOWED,
                "A server or tool does not exist or you may not use it.",
                "tools");
    }
}
