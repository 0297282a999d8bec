package io.sallyport.catalog;

import java.util.List;
import java.util.Optional;

/**
 * One resource, resource template or prompt of one server as the catalogue knows it.
 *
 * @param listed as the server last listed it
 * @param findings what vetting says about {@code listed}
 * @param pinned what an admin approved, empty if nothing was
 */
public record CatalogEntry(
        EntryKind kind,
        EntryDescriptor listed,
        List<Finding> findings,
        ToolStatus status,
        Optional<EntryDescriptor> pinned)
        implements CatalogItem<EntryDescriptor, CatalogEntry> {
    public CatalogEntry {
        findings = List.copyOf(findings);
    }

    public EntryRef ref() {
        return listed.ref();
    }

    @Override
    public CatalogEntry seen(EntryDescriptor now, List<Finding> nowFindings, ToolStatus nowStatus) {
        return new CatalogEntry(kind, now, nowFindings, nowStatus, pinned);
    }
}
