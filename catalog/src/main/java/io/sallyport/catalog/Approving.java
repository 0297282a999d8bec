package io.sallyport.catalog;

import java.util.List;

/** The outcome of approving a tool, resource, template or prompt. */
public sealed interface Approving<C extends CatalogItem<?, C>> {
    /** The item is pinned to what is listed. */
    record Approved<C extends CatalogItem<?, C>>(C item) implements Approving<C> {}

    /** The admin named another digest than the one that is listed now, or the item is missing. */
    record DigestMismatch<C extends CatalogItem<?, C>>() implements Approving<C> {}

    /** The item cannot be served safely; no override. */
    record Rejected<C extends CatalogItem<?, C>>(Finding finding) implements Approving<C> {}

    /** Findings block the approval until they are overridden; never empty. */
    record OverrideRequired<C extends CatalogItem<?, C>>(List<Finding> findings)
            implements Approving<C> {
        public OverrideRequired {
            findings = List.copyOf(findings);
        }
    }
}
