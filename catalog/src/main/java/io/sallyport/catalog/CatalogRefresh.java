package io.sallyport.catalog;

import io.sallyport.policy.Risk;
import io.sallyport.policy.ToolRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a fresh list means for what was known. Pure: it stores nothing and asks nobody. */
public final class CatalogRefresh {
    private final Map<ToolRef, CatalogTool> before = new LinkedHashMap<>();
    private final Map<ToolRef, CatalogTool> after = new LinkedHashMap<>();
    private final List<Drift> drifts = new ArrayList<>();

    private CatalogRefresh() {}

    /**
     * @param tools what the catalogue now holds, in the order of the list, missing tools last
     * @param drifts approved tools that changed since the list before
     */
    public record Refreshed(List<CatalogTool> tools, List<Drift> drifts) {
        public Refreshed {
            tools = List.copyOf(tools);
            drifts = List.copyOf(drifts);
        }
    }

    /**
     * Compares one server's complete fresh list with everything known of that server. A tool that
     * was approved and is gone stays as missing; one that was never approved is forgotten. Of two
     * tools with one name the first is kept, and both were rejected by vetting.
     */
    public static Refreshed apply(List<CatalogTool> known, List<VettedTool> fresh) {
        var refresh = new CatalogRefresh();
        known.forEach(tool -> refresh.before.put(tool.ref(), tool));
        fresh.forEach(refresh::see);
        known.forEach(refresh::keepIfMissing);
        return new Refreshed(List.copyOf(refresh.after.values()), refresh.drifts);
    }

    private void see(VettedTool tool) {
        var ref = tool.descriptor().ref();
        if (!after.containsKey(ref)) {
            var known = Optional.ofNullable(before.get(ref));
            known.ifPresent(old -> noteDrift(old, tool.descriptor()));
            after.put(ref, known.map(old -> renewed(old, tool)).orElseGet(() -> unseen(tool)));
        }
    }

    private void keepIfMissing(CatalogTool tool) {
        if (tool.pinned().isPresent() && !after.containsKey(tool.ref())) {
            after.put(tool.ref(), tool.missing());
        }
    }

    private static CatalogTool unseen(VettedTool tool) {
        return new CatalogTool(
                tool.descriptor(),
                tool.findings(),
                tool.rejected() ? ToolStatus.REJECTED : ToolStatus.PENDING_REVIEW,
                Optional.empty(),
                Risk.UNCLASSIFIED,
                Set.of(),
                false);
    }

    private static CatalogTool renewed(CatalogTool known, VettedTool fresh) {
        return known.seen(fresh.descriptor(), fresh.findings(), status(known, fresh));
    }

    private static ToolStatus status(CatalogTool known, VettedTool fresh) {
        if (fresh.rejected()) {
            return ToolStatus.REJECTED;
        }
        return known.pinned()
                .map(pin ->
                        isSame(pin, fresh.descriptor()) ? ToolStatus.APPROVED : ToolStatus.CHANGED)
                .orElse(ToolStatus.PENDING_REVIEW);
    }

    private void noteDrift(CatalogTool known, ToolDescriptor fresh) {
        boolean movedNow = !isSame(known.listed(), fresh);
        known.pinned()
                .filter(pin -> movedNow && !isSame(pin, fresh))
                .map(pin -> DescriptorDiff.drift(pin, fresh))
                .ifPresent(drifts::add);
    }

    private static boolean isSame(ToolDescriptor one, ToolDescriptor other) {
        return one.digest().equals(other.digest());
    }
}
