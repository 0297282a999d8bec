package io.sallyport.catalog;

import io.sallyport.catalog.Finding.Severity;
import java.util.List;

/** A listed item with everything that vetting has to say about it. */
public sealed interface Vetted<D extends Descriptor> permits VettedTool, VettedEntry {
    D descriptor();

    List<Finding> findings();

    /** It cannot be served safely and cannot be approved. */
    default boolean rejected() {
        return has(Severity.REJECT);
    }

    /** Approval needs an explicit override. */
    default boolean blocked() {
        return has(Severity.BLOCK);
    }

    private boolean has(Severity severity) {
        return findings().stream().anyMatch(finding -> finding.severity() == severity);
    }
}
