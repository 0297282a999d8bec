package io.sallyport.catalog;

import io.sallyport.catalog.Finding.Severity;
import io.sallyport.policy.Risk;
import io.sallyport.policy.VisibleText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Pins tools, resources, templates and prompts to the descriptors that an admin saw. */
public final class CatalogApproval {
    private CatalogApproval() {}

    /**
     * Judges {@code terms} against what is listed. A rejected tool is refused before anything else,
     * because no digest makes it safe.
     */
    public static Approving<CatalogTool> approve(CatalogTool tool, ApprovalTerms terms) {
        var judged = new EntryTerms(terms.digest(), terms.overrideFindings());
        var approved =
                approve(
                        tool,
                        judged,
                        () -> pinned(tool, terms.risk(), terms.labels(), terms.lenient()));
        var unconfirmed = unconfirmed(tool, terms.unjudged());
        return approved instanceof Approving.Approved<CatalogTool> && !unconfirmed.isEmpty()
                ? new Approving.OverrideRequired<>(unconfirmed)
                : approved;
    }

    /** What is not judged, each place of which is confirmed and not overridden with the rest. */
    private static List<Finding> unconfirmed(CatalogTool tool, Set<String> confirmed) {
        return tool.findings().stream()
                .filter(Finding::leavesUnjudged)
                .filter(it -> !confirmed.contains(VisibleText.of(it.pointer())))
                .toList();
    }

    /** Judges like {@link #approve(CatalogTool, ApprovalTerms)}. */
    public static Approving<CatalogEntry> approve(CatalogEntry entry, EntryTerms terms) {
        return approve(entry, terms, () -> pinned(entry));
    }

    private static <C extends CatalogItem<?, C>> Approving<C> approve(
            C item, EntryTerms terms, Supplier<C> pinned) {
        var rejections = ofSeverity(item, Severity.REJECT);
        if (!rejections.isEmpty()) {
            return new Approving.Rejected<>(rejections.getFirst());
        }
        if (item.status() == ToolStatus.MISSING || !item.listed().digest().equals(terms.digest())) {
            return new Approving.DigestMismatch<>();
        }
        var blocks = ofSeverity(item, Severity.BLOCK);
        return blocks.isEmpty() || terms.overrideFindings()
                ? new Approving.Approved<>(pinned.get())
                : new Approving.OverrideRequired<>(blocks);
    }

    private static List<Finding> ofSeverity(CatalogItem<?, ?> item, Severity severity) {
        return item.findings().stream().filter(finding -> finding.severity() == severity).toList();
    }

    /** The tool as approved with what is listed now. */
    static CatalogTool pinned(CatalogTool tool, Risk risk, Set<String> labels, boolean lenient) {
        return new CatalogTool(
                tool.listed(),
                tool.findings(),
                ToolStatus.APPROVED,
                Optional.of(tool.listed()),
                risk,
                labels,
                lenient);
    }

    /** The same of an entry. */
    static CatalogEntry pinned(CatalogEntry entry) {
        return new CatalogEntry(
                entry.kind(),
                entry.listed(),
                entry.findings(),
                ToolStatus.APPROVED,
                Optional.of(entry.listed()));
    }
}
