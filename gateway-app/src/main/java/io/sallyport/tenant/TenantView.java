package io.sallyport.tenant;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.KnownTools;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
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
import io.sallyport.provider.ModelAlias;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that governs one tenant, as of one governance sequence: immutable, compiled, in memory. A
 * change of anything in it makes a new view with a higher sequence, which shares with this one
 * every part that did not change.
 */
public final class TenantView {
    private final TenantId tenant;
    private final long sequence;
    private final ViewRules rules;
    private final TenantServers servers;
    private final Map<String, ModelAlias> models;
    private final Map<String, ApiKey> keys;

    /** What a view is made of. */
    public record Contents(
            Policy policy,
            Collection<McpServer> servers,
            Collection<CatalogTool> tools,
            Collection<Toolset> toolsets,
            Collection<ModelAlias> models,
            Collection<ApiKey> keys,
            Collection<CatalogEntry> entries) {
        private ViewRules rules() {
            return new ViewRules(
                    policy,
                    toolsets.stream().collect(Collectors.toMap(Toolset::name, it -> it)),
                    Stops.NONE);
        }

        private List<ListedServer> listed() {
            var toolsOf = tools.stream().collect(Collectors.groupingBy(it -> it.ref().server()));
            var entriesOf =
                    entries.stream().collect(Collectors.groupingBy(it -> it.ref().server()));
            return servers.stream()
                    .map(it ->
                            new ListedServer(
                                    it,
                                    new ServerCatalog(
                                            toolsOf.getOrDefault(it.slug(), List.of()),
                                            entriesOf.getOrDefault(it.slug(), List.of()))))
                    .toList();
        }
    }

    public TenantView(TenantId tenant, long sequence, Contents contents) {
        this.tenant = tenant;
        this.sequence = sequence;
        rules = contents.rules();
        servers = TenantServers.of(contents.listed(), rules);
        models = contents.models().stream().collect(Collectors.toMap(ModelAlias::alias, it -> it));
        keys = contents.keys().stream().collect(Collectors.toMap(ApiKey::id, it -> it));
    }

    private TenantView(TenantView before, long sequence, ViewEdits edits) {
        tenant = before.tenant;
        this.sequence = sequence;
        rules = edits.rules(before.rules);
        servers = edits.servers(before.servers, rules);
        models = edits.models(before.models);
        keys = edits.keys(before.keys);
    }

    /** The view of a later sequence in which only these parts are others. */
    public TenantView with(long later, Collection<ViewPart> changed) {
        return new TenantView(this, later, new ViewEdits(changed));
    }

    public TenantId tenant() {
        return tenant;
    }

    /** The tenant's governance sequence that this view shows. */
    public long sequence() {
        return sequence;
    }

    public Policy policy() {
        return rules.policy();
    }

    public Optional<ApiKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    public Optional<McpServer> server(ServerSlug slug) {
        return servers.of(slug).map(ServerView::server);
    }

    public Optional<CatalogTool> tool(ToolRef ref) {
        return servers.of(ref.server()).flatMap(it -> it.tool(ref.tool()));
    }

    /** What models read of one of these tools, once somebody has worked it out. */
    public Once<ModelTool> written(CatalogTool tool) {
        return servers.of(tool.ref().server()).map(it -> it.written(tool)).orElseGet(Once::new);
    }

    public Optional<ToolRef> byAlias(String alias) {
        return servers.byAlias(alias);
    }

    public Optional<Toolset> toolset(String name) {
        return Optional.ofNullable(rules.toolsets().get(name));
    }

    /** The model alias, or empty if it does not exist or the key may not use it: one answer. */
    public Optional<ModelAlias> model(String alias, ApiKey key) {
        return Optional.ofNullable(models.get(alias)).filter(_ -> mayUse(key, alias));
    }

    /** The model aliases that the key may use, by name. */
    public Collection<ModelAlias> models(ApiKey key) {
        return models().stream().filter(it -> mayUse(key, it.alias())).toList();
    }

    private boolean mayUse(ApiKey key, String alias) {
        return !stops().cover(key) && key.models().map(it -> it.contains(alias)).orElse(true);
    }

    /** What is stopped now; for callers it does not exist. */
    public Stops stops() {
        return rules.stops();
    }

    /** True for a principal that may do nothing, because it or the tenant is stopped. */
    public boolean isStopped(Principal principal) {
        return stops().cover(principal.subject());
    }

    /** True if a stop is why the principal has nothing of the server. */
    public boolean isStopped(Principal principal, ServerSlug server) {
        return isStopped(principal) || stops().cover(server);
    }

    /** True if a stop is why the principal cannot have it. */
    public boolean isStopped(Principal principal, ToolRef what) {
        return isStopped(principal) || stops().cover(what);
    }

    /**
     * The tools that a principal may see, ordered by alias: approved and unchanged, on an active
     * server, listed by policy, within the bound of the key. What is not in here does not exist for
     * the principal.
     */
    public Map<ToolRef, CatalogTool> visibleTo(Principal principal) {
        var key = keys.get(principal.credential());
        return key == null ? Map.of() : new VisibleTools(servers, key);
    }

    /** Those of one server. */
    public List<CatalogTool> visibleTo(Principal principal, ServerSlug slug) {
        return key(principal.credential())
                .flatMap(key -> servers.of(slug).map(it -> it.visibleTo(key)))
                .orElse(List.of());
    }

    /** Whether the principal may use something of the server: a tool, or anything else. */
    public boolean offers(Principal principal, ServerSlug slug) {
        var hasTools =
                key(principal.credential())
                        .flatMap(key -> servers.of(slug).map(it -> it.countVisibleTo(key) > 0));
        return hasTools.orElse(false) || offersContent(principal, slug);
    }

    /** Whether there is a resource, a template or a prompt of the server for the principal. */
    public boolean offersContent(Principal principal, ServerSlug slug) {
        return Stream.of(EntryKind.values())
                .anyMatch(it -> !visibleEntries(principal, slug, it).isEmpty());
    }

    public boolean isActive(ServerSlug slug) {
        return servers.of(slug).map(ServerView::isActive).orElse(false);
    }

    /**
     * True if rules and the key's bound would let the principal see the tool, whatever state its
     * pin is in: tells a changed tool from an unknown one.
     */
    public boolean mayList(ApiKey key, CatalogTool tool) {
        return servers.of(tool.ref().server()).map(it -> it.mayList(key, tool)).orElse(false);
    }

    /** The question that policy is asked about a tool of one of the tenant's servers. */
    public AccessRequest request(Principal principal, CatalogTool tool) {
        return servers.of(tool.ref().server()).orElseThrow().request(principal, tool);
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

    private Optional<TenantContent> content(ServerSlug server) {
        return servers.of(server).map(ServerView::content);
    }

    private SortedMap<String, CatalogEntry> content(
            Principal principal, ServerSlug server, EntryKind kind) {
        var key = keys.get(principal.credential());
        return key == null || isStopped(principal, server)
                ? Collections.emptySortedMap()
                : content(server)
                        .map(it -> it.visibleTo(key, kind))
                        .orElseGet(Collections::emptySortedMap);
    }

    /**
     * What lets the principal read {@code uri}: the visible resource of that URI, else the first
     * approved template that the URI may come from, if policy lists the URI itself. Empty for a URI
     * that may not be asked for at all, and, whatever template it matches, for a URI that is not
     * canonical, for a resource whose entry changed or was rejected, and for one that the server
     * lists in another spelling.
     */
    public Optional<CatalogEntry> resource(Principal principal, ServerSlug server, String uri) {
        return resource(principal, server, uri, new TemplateWork());
    }

    /** The same of one of several URIs, which share what may be spent on them. */
    public Optional<CatalogEntry> resource(
            Principal principal, ServerSlug server, String uri, TemplateWork work) {
        var key = keys.get(principal.credential());
        return key == null || isStopped(principal, server) || !ResourceUri.mayBeAskedFor(uri)
                ? Optional.empty()
                : visibleEntry(principal, new EntryRef(server, EntryKind.RESOURCE, uri))
                        .or(() -> family(key, server, uri, work));
    }

    private Optional<CatalogEntry> family(
            ApiKey key, ServerSlug server, String uri, TemplateWork work) {
        return content(server).flatMap(it -> it.family(key.principal(), uri, work));
    }

    /** Whether it is a resource that is not listed but comes from an approved template. */
    public boolean comesFromTemplate(EntryRef ref) {
        return ref.kind() == EntryKind.RESOURCE
                && content(ref.server())
                        .flatMap(it -> it.family(ref.key(), new TemplateWork()))
                        .isPresent();
    }

    /** What policy says of a tool of one of the tenant's servers. */
    public Decision decide(Principal principal, CatalogTool tool) {
        return policy().decide(request(principal, tool));
    }

    /**
     * What policy says of {@code ref}. For a resource that is read through a template, ask about a
     * {@code RESOURCE} of the URI, not about the template. The server must be one of the tenant's.
     */
    public Decision decide(Principal principal, EntryRef ref) {
        return content(ref.server()).orElseThrow().decide(principal, ref);
    }

    /** The entry, whatever its status. */
    public Optional<CatalogEntry> entry(EntryRef ref) {
        return content(ref.server()).flatMap(it -> it.entry(ref));
    }

    /** Every resource, template and prompt that the catalogue holds, whatever its status. */
    public Collection<CatalogEntry> entries() {
        return servers.entries();
    }

    /** All that the catalogue holds of one server. */
    public ServerCatalog catalog(ServerSlug server) {
        return servers.of(server).map(ServerView::catalog).orElse(ServerCatalog.EMPTY);
    }

    /** Every model alias, by name. */
    public Collection<ModelAlias> models() {
        return models.values().stream().sorted(Comparator.comparing(ModelAlias::alias)).toList();
    }

    public Collection<Toolset> toolsets() {
        return rules.toolsets().values();
    }

    public Collection<ApiKey> keys() {
        return keys.values();
    }

    /** Every server, in the order of their aliases. */
    public Collection<McpServer> servers() {
        return servers.all().stream().map(ServerView::server).toList();
    }

    /** Bytes of memory that all servers but one take with all that they list. */
    public long weightBeside(ServerSlug server) {
        return servers.all().stream()
                .filter(it -> !it.server().slug().equals(server))
                .mapToLong(ServerView::weight)
                .sum();
    }

    /** Every tool that the catalogue holds, whatever its status, ordered by alias. */
    public Collection<CatalogTool> tools() {
        return servers.tools();
    }

    /** The names of all tools, as vetting needs them; worked out once for each catalogue. */
    public KnownTools knownTools() {
        return servers.knownTools();
    }

    /** Those of one server. */
    public Collection<CatalogTool> tools(ServerSlug server) {
        return servers.of(server).map(ServerView::tools).orElse(List.of());
    }
}
