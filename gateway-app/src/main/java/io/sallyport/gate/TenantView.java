package io.sallyport.gate;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.catalog.Toolset;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.AccessRequest;
import io.sallyport.policy.Decision;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ResourceUri;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import io.sallyport.policy.ToolRef;
import io.sallyport.upstream.ModelAlias;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * All that governs one tenant, as of one governance sequence: immutable, compiled, in memory. A
 * change of anything in it makes a new view with a higher sequence.
 */
public final class TenantView {
    private final TenantId tenant;
    private final long sequence;
    private final Policy policy;
    private final Map<ServerSlug, McpServer> servers;
    private final Map<ToolRef, CatalogTool> tools;
    private final TenantContent content;
    private final Map<String, ToolRef> aliases;
    private final Map<String, Toolset> toolsets;
    private final Map<String, ModelAlias> models;
    private final Map<String, ApiKey> keys;
    private final Map<String, Map<ToolRef, CatalogTool>> visible = new ConcurrentHashMap<>();

    /** What a view is made of. */
    public record Contents(
            Policy policy,
            Collection<McpServer> servers,
            Collection<CatalogTool> tools,
            Collection<Toolset> toolsets,
            Collection<ModelAlias> models,
            Collection<ApiKey> keys,
            Collection<CatalogEntry> entries) {}

    public TenantView(TenantId tenant, long sequence, Contents contents) {
        this.tenant = tenant;
        this.sequence = sequence;
        policy = contents.policy();
        servers = contents.servers().stream().collect(Collectors.toMap(McpServer::slug, it -> it));
        tools = inOrder(contents.tools());
        content = new TenantContent(policy, servers, contents.entries());
        aliases = new HashMap<>();
        tools.values().forEach(it -> aliases.put(it.listed().alias(), it.listed().ref()));
        toolsets = contents.toolsets().stream().collect(Collectors.toMap(Toolset::name, it -> it));
        models = new TreeMap<>();
        contents.models().forEach(it -> models.put(it.alias(), it));
        keys = contents.keys().stream().collect(Collectors.toMap(ApiKey::id, it -> it));
    }

    private static Map<ToolRef, CatalogTool> inOrder(Collection<CatalogTool> tools) {
        var ordered = new TreeMap<String, CatalogTool>();
        tools.forEach(it -> ordered.put(it.listed().alias(), it));
        var byRef = new LinkedHashMap<ToolRef, CatalogTool>();
        ordered.values().forEach(it -> byRef.put(it.listed().ref(), it));
        return byRef;
    }

    public TenantId tenant() {
        return tenant;
    }

    /** The tenant's governance sequence that this view shows. */
    public long sequence() {
        return sequence;
    }

    public Policy policy() {
        return policy;
    }

    public Optional<ApiKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    public Optional<McpServer> server(ServerSlug slug) {
        return Optional.ofNullable(servers.get(slug));
    }

    public Optional<CatalogTool> tool(ToolRef ref) {
        return Optional.ofNullable(tools.get(ref));
    }

    public Optional<ToolRef> byAlias(String alias) {
        return Optional.ofNullable(aliases.get(alias));
    }

    public Optional<Toolset> toolset(String name) {
        return Optional.ofNullable(toolsets.get(name));
    }

    /** The model alias, or empty if it does not exist or the key may not use it: one answer. */
    public Optional<ModelAlias> model(String alias, ApiKey key) {
        return Optional.ofNullable(models.get(alias)).filter(_ -> mayUse(key, alias));
    }

    /** The model aliases that the key may use, by name. */
    public Collection<ModelAlias> models(ApiKey key) {
        return models.values().stream().filter(it -> mayUse(key, it.alias())).toList();
    }

    private static boolean mayUse(ApiKey key, String alias) {
        return key.models().map(it -> it.contains(alias)).orElse(true);
    }

    /**
     * The tools that a principal may see, ordered by alias: approved and unchanged, on an active
     * server, listed by policy, within the bound of the key. What is not in here does not exist for
     * the principal.
     */
    public Map<ToolRef, CatalogTool> visibleTo(Principal principal) {
        var key = keys.get(principal.credential());
        return key == null ? Map.of() : visible.computeIfAbsent(key.id(), _ -> listFor(key));
    }

    private Map<ToolRef, CatalogTool> listFor(ApiKey key) {
        var list = new LinkedHashMap<ToolRef, CatalogTool>();
        tools.forEach((ref, tool) -> {
            if (isServed(tool) && mayList(key, tool)) {
                list.put(ref, tool);
            }
        });
        return Collections.unmodifiableMap(list);
    }

    private boolean isServed(CatalogTool tool) {
        return tool.status() == ToolStatus.APPROVED && isActive(tool.listed().ref().server());
    }

    public boolean isActive(ServerSlug slug) {
        return server(slug).map(it -> it.status() == ServerStatus.ACTIVE).orElse(false);
    }

    /**
     * True if rules and the key's bound would let the principal see the tool, whatever state its
     * pin is in: tells a changed tool from an unknown one.
     */
    public boolean mayList(ApiKey key, CatalogTool tool) {
        return withinBound(key, tool.listed().ref())
                && policy.lists(request(key.principal(), tool));
    }

    private boolean withinBound(ApiKey key, ToolRef ref) {
        return key.toolsets()
                .map(names -> names.stream().anyMatch(name -> isIn(name, ref)))
                .orElse(true);
    }

    private boolean isIn(String toolset, ToolRef ref) {
        return toolset(toolset).map(it -> it.contains(ref)).orElse(false);
    }

    /** The question that policy is asked about this tool. */
    public AccessRequest request(Principal principal, CatalogTool tool) {
        var ref = tool.listed().ref();
        return new AccessRequest(
                principal, ref, tool.effectiveRisk(), labels(tool), toolsetsWith(ref));
    }

    private Set<String> labels(CatalogTool tool) {
        var labels = new HashSet<>(tool.labels());
        server(tool.listed().ref().server()).ifPresent(it -> labels.addAll(it.labels()));
        return labels;
    }

    private Set<String> toolsetsWith(ToolRef ref) {
        return toolsets.values().stream()
                .filter(it -> it.contains(ref))
                .map(Toolset::name)
                .collect(Collectors.toSet());
    }

    /**
     * The resources, templates or prompts of a server that a principal may see, ordered by key:
     * approved and unchanged, on an active server, listed by policy. The {@code toolsets} bound of
     * a key does not apply: it is about tools. A template is listed if policy lists its own text.
     */
    public Collection<CatalogEntry> visibleEntries(
            Principal principal, ServerSlug server, EntryKind kind) {
        return content(principal, server, kind).values();
    }

    /** The one of {@link #visibleEntries} with that key. */
    public Optional<CatalogEntry> visibleEntry(Principal principal, EntryRef ref) {
        return Optional.ofNullable(content(principal, ref.server(), ref.kind()).get(ref.key()));
    }

    private SortedMap<String, CatalogEntry> content(
            Principal principal, ServerSlug server, EntryKind kind) {
        var key = keys.get(principal.credential());
        return key == null
                ? Collections.emptySortedMap()
                : content.visibleTo(key.principal(), server, kind);
    }

    /**
     * What lets the principal read {@code uri}: the visible resource of that URI, else the first
     * approved template that the URI may come from, if policy lists the URI itself. Empty for a URI
     * that may not be asked for at all, and, whatever template it matches, for a URI that is not
     * canonical, for a resource whose entry changed or was rejected, and for one that the server
     * lists in another spelling.
     */
    public Optional<CatalogEntry> resource(Principal principal, ServerSlug server, String uri) {
        var key = keys.get(principal.credential());
        return key == null || !ResourceUri.mayBeAskedFor(uri)
                ? Optional.empty()
                : visibleEntry(principal, new EntryRef(server, EntryKind.RESOURCE, uri))
                        .or(() -> content.family(key.principal(), server, uri));
    }

    /**
     * What policy says of {@code ref}. For a resource that is read through a template, ask about a
     * {@code RESOURCE} of the URI, not about the template.
     */
    public Decision decide(Principal principal, EntryRef ref) {
        return content.decide(principal, ref);
    }

    /** The entry, whatever its status. */
    public Optional<CatalogEntry> entry(EntryRef ref) {
        return content.entry(ref);
    }

    /** Every resource, template and prompt that the catalogue holds, whatever its status. */
    public Collection<CatalogEntry> entries() {
        return content.all();
    }

    /** All that the catalogue holds of one server. */
    public ServerCatalog catalog(ServerSlug server) {
        return new ServerCatalog(
                tools().stream().filter(it -> it.ref().server().equals(server)).toList(),
                entries().stream().filter(it -> it.ref().server().equals(server)).toList());
    }

    /** Every model alias, by name. */
    public Collection<ModelAlias> models() {
        return models.values();
    }

    public Collection<Toolset> toolsets() {
        return toolsets.values();
    }

    public Collection<ApiKey> keys() {
        return keys.values();
    }

    /** Every server, in no particular order. */
    public Collection<McpServer> servers() {
        return servers.values();
    }

    /** Every tool that the catalogue holds, whatever its status, ordered by alias. */
    public Collection<CatalogTool> tools() {
        return tools.values();
    }
}
