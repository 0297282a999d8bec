package io.sallyport.catalog;

import java.util.List;
import java.util.Optional;

/** One item of one server as the catalogue knows it. */
public sealed interface CatalogItem<D extends Descriptor, C extends CatalogItem<D, C>>
        permits CatalogTool, CatalogEntry {
    /** As the server last listed it. */
    D listed();

    /** What vetting says about {@link #listed()}. */
    List<Finding> findings();

    ToolStatus status();

    /** What an admin approved, empty if nothing was. */
    Optional<D> pinned();

    /** Where {@link #listed()} is not what was approved, at most 100 places. */
    default List<DescriptorChange> changes() {
        return pinned().filter(it -> !it.digest().equals(listed().digest()))
                .map(it -> DescriptorDiff.changes(it.tree(), listed().tree()))
                .orElse(List.of());
    }

    /** The same item after a fresh list; what an admin said of it stays. */
    C seen(D now, List<Finding> nowFindings, ToolStatus nowStatus);
}
