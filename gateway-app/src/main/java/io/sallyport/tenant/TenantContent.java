package io.sallyport.tenant;

import io.sallyport.catalog.CatalogEntry;
import io.sallyport.catalog.EntryKind;
import io.sallyport.catalog.EntryRef;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ResourceTemplate;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.ToolStatus;
import io.sallyport.identity.ApiKey;
import io.sallyport.policy.ContentRequest;
import io.sallyport.policy.Decision;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Principal;
import io.sallyport.policy.ResourceUri;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The resources, templates and prompts of one server, as one policy has them. */
final class TenantContent {
    private final Policy policy;
    private final McpServer server;
    private final SortedMap<EntryRef, CatalogEntry> entries = new TreeMap<>();
    private final Map<EntryKind, PerKey<SortedMap<String, CatalogEntry>>> visible =
            new EnumMap<>(EntryKind.class);

    /** Worked out when the first URI is asked for that is not listed as it stands. */
    private volatile Optional<List<Family>> families = Optional.empty();

    private volatile Optional<Map<String, List<String>>> spellings = Optional.empty();

    private record Family(CatalogEntry entry, ResourceTemplate template) {}

    TenantContent(Policy policy, McpServer server, Collection<CatalogEntry> entries) {
        this.policy = policy;
        this.server = server;
        entries.forEach(it -> this.entries.put(it.ref(), it));
        for (var kind : EntryKind.values()) {
            visible.put(kind, new PerKey<>());
        }
    }

    Collection<CatalogEntry> all() {
        return entries.values();
    }

    Optional<CatalogEntry> entry(EntryRef ref) {
        return Optional.ofNullable(entries.get(ref));
    }

    /** What the key's principal sees, by the entries' keys. */
    SortedMap<String, CatalogEntry> visibleTo(ApiKey key, EntryKind kind) {
        return Objects.requireNonNull(visible.get(kind))
                .of(key, it -> listFor(it.principal(), kind));
    }

    private SortedMap<String, CatalogEntry> listFor(Principal principal, EntryKind kind) {
        var list = new TreeMap<String, CatalogEntry>();
        for (var entry : served(kind)) {
            if (policy.lists(request(principal, entry))) {
                list.put(entry.listed().key(), entry);
            }
        }
        return Collections.unmodifiableSortedMap(list);
    }

    /** Approved and unchanged, on an active server. */
    private List<CatalogEntry> served(EntryKind kind) {
        return server.status() != ServerStatus.ACTIVE
                ? List.of()
                : entries.values().stream()
                        .filter(it -> it.kind() == kind)
                        .filter(it -> it.status() == ToolStatus.APPROVED)
                        .toList();
    }

    /**
     * The template that the URI comes from, if the principal may have that URI. Of all spellings of
     * a URI only the canonical one is looked for.
     */
    Optional<CatalogEntry> family(Principal principal, String uri, TemplateWork work) {
        var asked = new EntryRef(server.slug(), EntryKind.RESOURCE, uri);
        return policy.lists(request(principal, asked)) ? family(uri, work) : Optional.empty();
    }

    /** The template that the URI comes from, whoever asks. */
    Optional<CatalogEntry> family(String uri, TemplateWork work) {
        var asked = new EntryRef(server.slug(), EntryKind.RESOURCE, uri);
        return ResourceUri.canonical(uri).isEmpty()
                        || isWithdrawn(asked)
                        || isListedInAnotherSpelling(asked)
                ? Optional.empty()
                : families().stream()
                        .filter(it -> work.matches(it.template(), uri))
                        .map(Family::entry)
                        .findFirst();
    }

    /** A template does not bring back a resource that was listed and must not be served. */
    private boolean isWithdrawn(EntryRef resource) {
        return ResourceUri.readings(resource.key()).stream()
                .flatMap(this::listedAs)
                .flatMap(it ->
                        entry(new EntryRef(resource.server(), EntryKind.RESOURCE, it)).stream())
                .map(CatalogEntry::status)
                .anyMatch(it -> it == ToolStatus.CHANGED || it == ToolStatus.REJECTED);
    }

    /** Nor does it serve one under another text than the one that was reviewed, or denied. */
    private boolean isListedInAnotherSpelling(EntryRef resource) {
        return listedAs(resource.key()).anyMatch(it -> !it.equals(resource.key()));
    }

    /** The URIs that the server lists and that may mean the same. */
    private Stream<String> listedAs(String uri) {
        var known = spellings.orElseGet(this::spellings);
        return known.getOrDefault(ResourceUri.meaning(uri), List.of()).stream();
    }

    private Map<String, List<String>> spellings() {
        var known =
                entries.keySet().stream()
                        .filter(it -> it.kind() == EntryKind.RESOURCE)
                        .map(EntryRef::key)
                        .collect(Collectors.groupingBy(ResourceUri::meaning));
        spellings = Optional.of(known);
        return known;
    }

    private List<Family> families() {
        if (families.isEmpty()) {
            families = Optional.of(served(EntryKind.TEMPLATE).stream().flatMap(this::of).toList());
        }
        return families.get();
    }

    private Stream<Family> of(CatalogEntry template) {
        return ResourceTemplate.compile(template.listed().key()).stream()
                .map(it -> new Family(template, it));
    }

    Decision decide(Principal principal, EntryRef ref) {
        return policy.decide(request(principal, ref));
    }

    private ContentRequest request(Principal principal, CatalogEntry entry) {
        return request(principal, entry.ref());
    }

    private ContentRequest request(Principal principal, EntryRef ref) {
        var kind = ref.kind().content();
        return new ContentRequest(principal, ref.server(), kind, ref.key(), server.labels());
    }
}
