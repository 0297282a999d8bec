package io.sallyport.gate;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.catalog.Catalogued;
import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.ServerCatalog;
import java.util.stream.Stream;

/** What servers list takes memory as long as it is in the catalogue. */
public final class CatalogueWeight {
    private CatalogueWeight() {}

    /** Bytes of all descriptors of one server: those that it lists and those that are pinned. */
    public static long of(ServerCatalog catalog) {
        return Stream.concat(catalog.tools().stream(), catalog.entries().stream())
                .mapToLong(CatalogueWeight::of)
                .sum();
    }

    private static long of(Catalogued<?, ?> item) {
        var listed = item.listed();
        return JsonWeight.ofTree(listed.tree())
                + item.pinned().map(it -> besides(listed, it)).orElse(0L);
    }

    /** What is pinned and listed is one tree once it was stored. */
    private static long besides(Descriptor listed, Descriptor pinned) {
        return pinned.digest().equals(listed.digest()) ? 0 : JsonWeight.ofTree(pinned.tree());
    }
}
