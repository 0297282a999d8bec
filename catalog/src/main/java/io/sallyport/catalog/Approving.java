package io.sallyport.catalog;

import java.util.List;

/** The outcome of approving a tool. */
public sealed interface Approving {
    /** The tool is pinned to what is listed. */
    record Approved(CatalogTool tool) implements Approving {}

    /** The admin named another digest than the one that is listed now, or the tool is missing. */
    record DigestMismatch() implements Approving {}

    /** The tool cannot be served safely; no override. */
    record Rejected(Finding finding) implements Approving {}

    /** Findings block the approval until they are overridden; never empty. */
    record OverrideRequired(List<Finding> findings) implements Approving {
        public OverrideRequired {
            findings = List.copyOf(findings);
        }
    }
}
