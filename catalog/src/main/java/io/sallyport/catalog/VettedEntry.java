package io.sallyport.catalog;

import java.util.List;

/** A listed resource, template or prompt with everything that vetting has to say about it. */
public record VettedEntry(EntryDescriptor descriptor, List<Finding> findings)
        implements Vetted<EntryDescriptor> {
    public VettedEntry {
        findings = List.copyOf(findings);
    }
}
