package io.sallyport.catalog;

import io.sallyport.catalog.Finding.Severity;
import java.util.List;

/** A listed tool with everything that vetting has to say about it. */
public record VettedTool(ToolDescriptor descriptor, List<Finding> findings) {
    public VettedTool {
        findings = List.copyOf(findings);
    }

    /** The tool cannot be served safely and cannot be approved. */
    public boolean rejected() {
        return has(Severity.REJECT);
    }

    /** Approval needs an explicit override. */
    public boolean blocked() {
        return has(Severity.BLOCK);
    }

    private boolean has(Severity severity) {
        return findings.stream().anyMatch(finding -> finding.severity() == severity);
    }
}
