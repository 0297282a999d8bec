package io.sallyport.catalog;

import java.util.List;
import java.util.Set;

/** All that the catalogue knows of what one server offers. */
public record ServerCatalog(List<CatalogTool> tools, List<CatalogEntry> entries) {
    /** What is known of a server before it was listed. */
    public static final ServerCatalog EMPTY = new ServerCatalog(List.of(), List.of());

    public ServerCatalog {
        tools = List.copyOf(tools);
        entries = List.copyOf(entries);
    }

    /** Whether both hold equal items, in whatever order. */
    public boolean holdsTheSameAs(ServerCatalog other) {
        return Set.copyOf(tools).equals(Set.copyOf(other.tools))
                && Set.copyOf(entries).equals(Set.copyOf(other.entries));
    }

    public List<CatalogEntry> entries(EntryKind kind) {
        return entries.stream().filter(entry -> entry.kind() == kind).toList();
    }
}
