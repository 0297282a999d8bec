package io.sallyport.catalog;

import io.sallyport.catalog.Finding.Severity;
import java.util.List;
import java.util.Optional;

/** Pins tools to the descriptors that an admin saw. */
public final class CatalogApproval {
    private CatalogApproval() {}

    /**
     * Judges {@code terms} against what is listed. A rejected tool is refused before anything else,
     * because no digest makes it safe.
     */
    public static Approving approve(CatalogTool tool, ApprovalTerms terms) {
        var rejections = ofSeverity(tool, Severity.REJECT);
        if (!rejections.isEmpty()) {
            return new Approving.Rejected(rejections.getFirst());
        }
        if (tool.status() == ToolStatus.MISSING || !tool.listed().digest().equals(terms.digest())) {
            return new Approving.DigestMismatch();
        }
        var blocks = ofSeverity(tool, Severity.BLOCK);
        if (!blocks.isEmpty() && !terms.overrideFindings()) {
            return new Approving.OverrideRequired(blocks);
        }
        return new Approving.Approved(pinned(tool, terms));
    }

    private static List<Finding> ofSeverity(CatalogTool tool, Severity severity) {
        return tool.findings().stream().filter(finding -> finding.severity() == severity).toList();
    }

    private static CatalogTool pinned(CatalogTool tool, ApprovalTerms terms) {
        return new CatalogTool(
                tool.listed(),
                tool.findings(),
                ToolStatus.APPROVED,
                Optional.of(tool.listed()),
                terms.risk(),
                terms.labels(),
                terms.lenient());
    }
}
