package io.sallyport.gate;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ResourceTemplate;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.policy.ContentRequest;
import io.sallyport.policy.Decision;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ResourceUri;
import io.sallyport.policy.ServerSlug;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The resources, templates and prompts of one tenant's servers, as of one view. */
final class TenantContent {
    private final Policy policy;
    private final Map<ServerSlug, McpServer> servers;
    private final SortedMap<EntryRef, CatalogEntry> entries = new TreeMap<>();
    private final Map<Shelf, SortedMap<String, CatalogEntry>> visible = new ConcurrentHashMap<>();
    private final Map<ServerSlug, List<Family>> families = new ConcurrentHashMap<>();
    private final Map<ServerSlug, Map<String, List<String>>> spellings = new ConcurrentHashMap<>();

    /** What one key sees of one server. */
    private record Shelf(String key, ServerSlug server, EntryKind kind) {}

    private record Family(CatalogEntry entry, ResourceTemplate template) {}

    TenantContent(
            Policy policy, Map<ServerSlug, McpServer> servers, Collection<CatalogEntry> entries) {
        this.policy = policy;
        this.servers = servers;
        entries.forEach(it -> this.entries.put(it.ref(), it));
    }

    Collection<CatalogEntry> all() {
        return entries.values();
    }

    Optional<CatalogEntry> entry(EntryRef ref) {
        return Optional.ofNullable(entries.get(ref));
    }

    /** What the principal sees, by key; once computed for each key of the tenant. */
    SortedMap<String, CatalogEntry> visibleTo(
            Principal principal, ServerSlug server, EntryKind kind) {
        return visible.computeIfAbsent(
                new Shelf(principal.credential(), server, kind), it -> listFor(principal, it));
    }

    private SortedMap<String, CatalogEntry> listFor(Principal principal, Shelf shelf) {
        var list = new TreeMap<String, CatalogEntry>();
        for (var entry : served(shelf.server(), shelf.kind())) {
            if (policy.lists(request(principal, entry))) {
                list.put(entry.listed().key(), entry);
            }
        }
        return Collections.unmodifiableSortedMap(list);
    }

    /** Approved and unchanged, on an active server. */
    private List<CatalogEntry> served(ServerSlug server, EntryKind kind) {
        var known = servers.get(server);
        return known == null || known.status() != ServerStatus.ACTIVE
                ? List.of()
                : entries.values().stream()
                        .filter(it -> it.listed().server().equals(server) && it.kind() == kind)
                        .filter(it -> it.status() == ToolStatus.APPROVED)
                        .toList();
    }

    /**
     * The template that the URI comes from, if the principal may have that URI. Of all spellings of
     * a URI only the canonical one is looked for.
     */
    Optional<CatalogEntry> family(Principal principal, ServerSlug server, String uri) {
        var asked = new EntryRef(server, EntryKind.RESOURCE, uri);
        return ResourceUri.canonical(uri).isEmpty()
                        || isWithdrawn(asked)
                        || isListedInAnotherSpelling(asked)
                        || !policy.lists(request(principal, asked))
                ? Optional.empty()
                : families.computeIfAbsent(server, this::familiesOf).stream()
                        .filter(it -> it.template().matches(uri))
                        .map(Family::entry)
                        .findFirst();
    }

    /** A template does not bring back a resource that was listed and must not be served. */
    private boolean isWithdrawn(EntryRef resource) {
        return ResourceUri.readings(resource.key()).stream()
                .flatMap(it -> listedAs(resource.server(), it))
                .flatMap(it ->
                        entry(new EntryRef(resource.server(), EntryKind.RESOURCE, it)).stream())
                .map(CatalogEntry::status)
                .anyMatch(it -> it == ToolStatus.CHANGED || it == ToolStatus.REJECTED);
    }

    /** Nor does it serve one under another text than the one that was reviewed, or denied. */
    private boolean isListedInAnotherSpelling(EntryRef resource) {
        return listedAs(resource.server(), resource.key())
                .anyMatch(it -> !it.equals(resource.key()));
    }

    /** The URIs that the server lists and that may mean the same. */
    private Stream<String> listedAs(ServerSlug server, String uri) {
        return spellings
                .computeIfAbsent(server, this::spellingsOf)
                .getOrDefault(ResourceUri.meaning(uri), List.of())
                .stream();
    }

    private Map<String, List<String>> spellingsOf(ServerSlug server) {
        return entries.keySet().stream()
                .filter(it -> it.server().equals(server) && it.kind() == EntryKind.RESOURCE)
                .map(EntryRef::key)
                .collect(Collectors.groupingBy(ResourceUri::meaning));
    }

    private List<Family> familiesOf(ServerSlug server) {
        return served(server, EntryKind.TEMPLATE).stream()
                .flatMap(it ->
                        ResourceTemplate.compile(it.listed().key()).stream()
                                .map(template -> new Family(it, template)))
                .toList();
    }

    Decision decide(Principal principal, EntryRef ref) {
        return policy.decide(request(principal, ref));
    }

    private ContentRequest request(Principal principal, CatalogEntry entry) {
        return request(principal, entry.ref());
    }

    private ContentRequest request(Principal principal, EntryRef ref) {
        var kind = ref.kind().content();
        return new ContentRequest(principal, ref.server(), kind, ref.key(), labels(ref.server()));
    }

    private Set<String> labels(ServerSlug server) {
        var known = servers.get(server);
        return known == null ? Set.of() : known.labels();
    }
}
