package io.sallyport.tenant;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.AccessRequest;
import io.sallyport.policy.Principal;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ToolRef;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;

/**
 * One server of a tenant: its tools by every name, and what the rules make of them, worked out when
 * it is asked for. Immutable but for what it remembers; shared by all views in which neither the
 * server nor the rules are others.
 */
final class ServerView {
    private final ViewRules rules;
    private final McpServer server;
    private final Index index;
    private final TenantContent content;

    /** Which tools each key sees, by their places in the list: one bit a tool. */
    private final PerKey<BitSet> visible = new PerKey<>();

    private final AtomicReferenceArray<Facets> facets;

    /**
     * What does not depend on rules.
     *
     * @param tools ordered by alias
     * @param places of the tools, by the names that the server gives them
     * @param written what models read of each tool, by its place
     * @param weight bytes of memory that the catalogue takes
     */
    private record Index(
            ServerCatalog catalog,
            List<CatalogTool> tools,
            Map<String, Integer> places,
            Map<String, ToolRef> aliases,
            List<Once<ModelTool>> written,
            long weight) {
        static Index of(ServerCatalog catalog) {
            var ordered = Comparator.comparing((CatalogTool it) -> it.listed().alias());
            var tools = catalog.tools().stream().sorted(ordered).toList();
            var places = new HashMap<String, Integer>();
            var aliases = new HashMap<String, ToolRef>();
            for (int i = 0; i < tools.size(); i++) {
                places.put(tools.get(i).ref().tool(), i);
                aliases.put(tools.get(i).listed().alias(), tools.get(i).ref());
            }
            var written = tools.stream().map(_ -> new Once<ModelTool>()).toList();
            return new Index(catalog, tools, places, aliases, written, CatalogueWeight.of(catalog));
        }
    }

    /** What policy is told of a tool, whoever asks. */
    private record Facets(Risk risk, Set<String> labels, Set<String> toolsets) {}

    static ServerView of(ListedServer listed, ViewRules rules) {
        return new ServerView(listed.server(), Index.of(listed.catalog()), rules);
    }

    private ServerView(McpServer server, Index index, ViewRules rules) {
        this.server = server;
        this.index = index;
        this.rules = rules;
        content = new TenantContent(rules.policy(), server, index.catalog().entries());
        facets = new AtomicReferenceArray<>(index.tools().size());
    }

    /** The same server under other rules. */
    ServerView under(ViewRules other) {
        return new ServerView(server, index, other);
    }

    McpServer server() {
        return server;
    }

    boolean isActive() {
        return server.status() == ServerStatus.ACTIVE && !rules.stops().cover(server.slug());
    }

    ServerCatalog catalog() {
        return index.catalog();
    }

    /** Bytes of memory that it takes with all that it lists. */
    long weight() {
        return CatalogueWeight.of(server) + index.weight();
    }

    TenantContent content() {
        return content;
    }

    /** Every tool, whatever its status, ordered by alias. */
    List<CatalogTool> tools() {
        return index.tools();
    }

    Optional<CatalogTool> tool(String name) {
        return Optional.ofNullable(index.places().get(name)).map(index.tools()::get);
    }

    /** What models read of the tool, once somebody has worked it out; dropped with the tool. */
    @SuppressWarnings("ReferenceEquality") // a tool of another view is not remembered here
    Once<ModelTool> written(CatalogTool tool) {
        var place = index.places().get(tool.ref().tool());
        return place == null || index.tools().get(place) != tool
                ? new Once<>()
                : index.written().get(place);
    }

    Optional<ToolRef> byAlias(String alias) {
        return Optional.ofNullable(index.aliases().get(alias));
    }

    /** The tools that the key sees, ordered by alias. */
    List<CatalogTool> visibleTo(ApiKey key) {
        return seenBy(key).stream().mapToObj(index.tools()::get).toList();
    }

    /** The tool of that name if the key sees it. */
    Optional<CatalogTool> visibleTo(ApiKey key, String name) {
        return Optional.ofNullable(index.places().get(name))
                .filter(it -> seenBy(key).get(it))
                .map(index.tools()::get);
    }

    int countVisibleTo(ApiKey key) {
        return seenBy(key).cardinality();
    }

    private BitSet seenBy(ApiKey key) {
        return visible.of(key, this::look);
    }

    private BitSet look(ApiKey key) {
        var seen = new BitSet(index.tools().size());
        for (int i = 0; isActive() && i < index.tools().size(); i++) {
            var tool = index.tools().get(i);
            seen.set(i, tool.status() == ToolStatus.APPROVED && mayList(key, tool));
        }
        return seen;
    }

    /**
     * True if rules and the key's bound would let it see the tool, whatever state its pin is in.
     */
    boolean mayList(ApiKey key, CatalogTool tool) {
        return withinBound(key, tool.ref())
                && !rules.stops().cover(key)
                && !rules.stops().cover(tool.ref())
                && rules.policy().lists(request(key.principal(), tool));
    }

    private boolean withinBound(ApiKey key, ToolRef ref) {
        return key.toolsets()
                .map(names -> names.stream().anyMatch(name -> isIn(name, ref)))
                .orElse(true);
    }

    private boolean isIn(String toolset, ToolRef ref) {
        var named = rules.toolsets().get(toolset);
        return named != null && named.contains(ref);
    }

    /** The question that policy is asked about this tool. */
    AccessRequest request(Principal principal, CatalogTool tool) {
        var place = index.places().get(tool.ref().tool());
        var known = place == null ? facets(tool) : facets(place, tool);
        return new AccessRequest(
                principal, tool.ref(), known.risk(), known.labels(), known.toolsets());
    }

    @SuppressWarnings("ReferenceEquality") // a tool of another view is asked about as it is there
    private Facets facets(int place, CatalogTool tool) {
        if (index.tools().get(place) != tool) {
            return facets(tool);
        }
        var known = facets.get(place);
        if (known == null) {
            known = facets(tool);
            facets.set(place, known);
        }
        return known;
    }

    private Facets facets(CatalogTool tool) {
        var labels = new HashSet<>(tool.labels());
        labels.addAll(server.labels());
        var toolsets =
                rules.toolsets().values().stream()
                        .filter(it -> it.contains(tool.ref()))
                        .map(it -> it.name())
                        .collect(Collectors.toUnmodifiableSet());
        return new Facets(tool.effectiveRisk(), Set.copyOf(labels), toolsets);
    }
}
