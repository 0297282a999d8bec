package io.sallyport.tenant;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.KnownTools;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.ToolRef;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The servers of one tenant. A change of one of them leaves the others as they are. */
final class TenantServers {
    /** What follows the slug in every alias; no slug has an underscore. */
    private static final String SEPARATOR = "__";

    private final ViewRules rules;

    /** In the order of their aliases. */
    private final Map<ServerSlug, ServerView> servers;

    /** Worked out when somebody asks for all of them; the same list whoever does. */
    private volatile List<CatalogTool> tools = List.of();

    private volatile List<CatalogEntry> entries = List.of();

    private volatile Optional<KnownTools> knownTools = Optional.empty();

    private TenantServers(ViewRules rules, Map<ServerSlug, ServerView> servers) {
        this.rules = rules;
        this.servers = servers;
    }

    static TenantServers of(Collection<ListedServer> listed, ViewRules rules) {
        var servers = new HashMap<ServerSlug, ServerView>();
        listed.forEach(it -> servers.put(it.server().slug(), ServerView.of(it, rules)));
        return new TenantServers(rules, ordered(servers));
    }

    private static Map<ServerSlug, ServerView> ordered(Map<ServerSlug, ServerView> servers) {
        var byAlias = new TreeMap<String, ServerView>();
        servers.forEach((slug, it) -> byAlias.put(slug.value() + SEPARATOR, it));
        var ordered = new LinkedHashMap<ServerSlug, ServerView>();
        byAlias.values().forEach(it -> ordered.put(it.server().slug(), it));
        return Collections.unmodifiableMap(ordered);
    }

    /** The same servers under other rules; itself if the rules are the same. */
    @SuppressWarnings("ReferenceEquality") // rules that did not change are the same object
    TenantServers under(ViewRules other) {
        if (rules == other) {
            return this;
        }
        var after = new LinkedHashMap<ServerSlug, ServerView>();
        servers.forEach((slug, it) -> after.put(slug, it.under(other)));
        return new TenantServers(other, Collections.unmodifiableMap(after));
    }

    /** The same with these in their place; an empty one is gone. Itself if there are none. */
    TenantServers with(Map<ServerSlug, Optional<ListedServer>> changed) {
        if (changed.isEmpty()) {
            return this;
        }
        var after = new HashMap<>(servers);
        changed.forEach((slug, now) ->
                now.map(it -> ServerView.of(it, rules))
                        .ifPresentOrElse(it -> after.put(slug, it), () -> after.remove(slug)));
        return new TenantServers(rules, ordered(after));
    }

    /** In the order of their aliases. */
    Collection<ServerView> all() {
        return servers.values();
    }

    Optional<ServerView> of(ServerSlug slug) {
        return Optional.ofNullable(servers.get(slug));
    }

    /**
     * What the alias stands for. Every alias begins with its server's slug, so only the names of
     * that server are looked through; the name itself is looked up and never parsed.
     */
    Optional<ToolRef> byAlias(String alias) {
        int end = alias.indexOf(SEPARATOR);
        return end > 0 && ServerSlug.isValid(alias.substring(0, end))
                ? of(new ServerSlug(alias.substring(0, end))).flatMap(it -> it.byAlias(alias))
                : Optional.empty();
    }

    /** Every tool, ordered by alias. */
    List<CatalogTool> tools() {
        if (tools.isEmpty()) {
            tools = all().stream().flatMap(it -> it.tools().stream()).toList();
        }
        return tools;
    }

    /** Their names, prepared for the vetting of what a server lists. */
    KnownTools knownTools() {
        var known = knownTools.orElseGet(() -> KnownTools.catalogued(tools()));
        knownTools = Optional.of(known);
        return known;
    }

    /** Every resource, template and prompt. */
    List<CatalogEntry> entries() {
        if (entries.isEmpty()) {
            entries = all().stream().flatMap(it -> it.content().all().stream()).toList();
        }
        return entries;
    }
}
