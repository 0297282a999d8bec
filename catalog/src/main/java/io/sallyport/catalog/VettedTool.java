package io.sallyport.catalog;

import java.util.List;

/** A listed tool with everything that vetting has to say about it. */
public record VettedTool(ToolDescriptor descriptor, List<Finding> findings)
        implements Vetted<ToolDescriptor> {
    public VettedTool {
        findings = List.copyOf(findings);
    }
}
