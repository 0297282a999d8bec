package io.sallyport.catalog;

import io.sallyport.catalog.CatalogRefresh.Refreshed;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Approvals that outlive a change of the server itself: those of items whose descriptors are, but
 * for where the server is, the very ones that were approved.
 */
public final class KeptApprovals {
    private KeptApprovals() {}

    /**
     * What fresh lists of a server that an admin changed leave approved; nothing of it has drifted.
     *
     * @param before the catalogue before the change; only what is approved in it is kept
     * @param now what {@link CatalogRefresh} made of the fresh lists
     */
    public static Refreshed of(ServerCatalog before, Refreshed now) {
        var approved = approved(before).collect(Collectors.toSet());
        var catalog =
                new ServerCatalog(
                        now.catalog().tools().stream()
                                .map(it -> approved.contains(it.ref()) ? kept(it) : it)
                                .toList(),
                        now.catalog().entries().stream()
                                .map(it -> approved.contains(it.ref()) ? kept(it) : it)
                                .toList());
        return new Refreshed(catalog, stillDrifted(catalog, now.drifts()));
    }

    private static List<Drift> stillDrifted(ServerCatalog catalog, List<Drift> drifts) {
        var kept = approved(catalog).map(Record::toString).collect(Collectors.toSet());
        return drifts.stream().filter(it -> !kept.contains(it.subject())).toList();
    }

    private static Stream<Record> approved(ServerCatalog catalog) {
        return Stream.<CatalogItem<?, ?>>concat(
                        catalog.tools().stream(), catalog.entries().stream())
                .filter(it -> it.status() == ToolStatus.APPROVED)
                .map(it -> it.listed().ref());
    }

    /** What a change that was made before is found to have left as it was approved. */
    public static ServerCatalog of(ServerCatalog catalog) {
        return new ServerCatalog(
                catalog.tools().stream().map(KeptApprovals::kept).toList(),
                catalog.entries().stream().map(KeptApprovals::kept).toList());
    }

    private static CatalogTool kept(CatalogTool tool) {
        return isAsApproved(tool)
                ? CatalogApproval.pinned(tool, tool.risk(), tool.labels(), tool.lenient())
                : tool;
    }

    private static CatalogEntry kept(CatalogEntry entry) {
        return isAsApproved(entry) ? CatalogApproval.pinned(entry) : entry;
    }

    private static boolean isAsApproved(CatalogItem<?, ?> item) {
        return item.status() == ToolStatus.CHANGED
                && item.pinned()
                        .filter(it -> Arrays.equals(bytes(it), bytes(item.listed())))
                        .isPresent();
    }

    /** As a digest sees them, without the server. */
    private static byte[] bytes(Descriptor descriptor) {
        return CanonicalJson.write(descriptor.tree());
    }
}
