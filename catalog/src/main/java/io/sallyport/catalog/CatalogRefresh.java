package io.sallyport.catalog;

import io.sallyport.policy.Risk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What fresh lists mean for what was known. Pure: it stores nothing and asks nobody. */
public final class CatalogRefresh {
    private CatalogRefresh() {}

    /**
     * @param catalog what the catalogue now holds, in the order of the lists, missing items last
     * @param drifts approved items that changed since the lists before
     */
    public record Refreshed(ServerCatalog catalog, List<Drift> drifts) {
        public Refreshed {
            drifts = List.copyOf(drifts);
        }
    }

    /**
     * Compares one server's complete fresh lists with everything known of that server. An item that
     * was approved and is gone stays as missing; one that was never approved is forgotten. Of two
     * items with one name the first is kept, and both were rejected by vetting.
     */
    public static Refreshed apply(ServerCatalog known, VettedCatalog fresh) {
        var tools = new ListRefresh<>(known.tools(), fresh.tools(), CatalogRefresh::unseenTool);
        var entries =
                new ListRefresh<>(known.entries(), fresh.entries(), CatalogRefresh::unseenEntry);
        var drifts = new ArrayList<>(tools.drifts());
        drifts.addAll(entries.drifts());
        return new Refreshed(new ServerCatalog(tools.items(), entries.items()), drifts);
    }

    private static CatalogTool unseenTool(VettedTool tool) {
        return new CatalogTool(
                tool.descriptor(),
                tool.findings(),
                unseen(tool),
                Optional.empty(),
                Risk.UNCLASSIFIED,
                Set.of(),
                false);
    }

    private static CatalogEntry unseenEntry(VettedEntry entry) {
        return new CatalogEntry(
                entry.descriptor().kind(),
                entry.descriptor(),
                entry.findings(),
                unseen(entry),
                Optional.empty());
    }

    private static ToolStatus unseen(Vetted<?> item) {
        return item.rejected() ? ToolStatus.REJECTED : ToolStatus.PENDING_REVIEW;
    }
}
