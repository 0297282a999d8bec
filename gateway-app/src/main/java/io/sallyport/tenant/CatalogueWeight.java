package io.sallyport.tenant;

import io.sallyport.bridge.JsonWeight;
import io.sallyport.catalog.CatalogItem;
import io.sallyport.catalog.Descriptor;
import io.sallyport.catalog.Finding;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerProfile;
import java.util.stream.Stream;

/** What servers say and list takes memory as long as they are registered. */
public final class CatalogueWeight {
    /** What an item or a finding takes beside its texts and trees. */
    private static final long OBJECTS = 256;

    private CatalogueWeight() {}

    /** Bytes of what a server says of itself and of its catalogue. */
    public static long of(McpServer server, ServerCatalog catalog) {
        return of(server) + of(catalog);
    }

    /** Bytes of what a server says of itself. */
    static long of(McpServer server) {
        return server.profile().map(CatalogueWeight::of).orElse(0L)
                + server.reviewed().map(String::length).orElse(0);
    }

    private static long of(ServerProfile profile) {
        return JsonWeight.ofTree(profile.capabilities())
                + JsonWeight.ofTree(profile.serverInfo())
                + profile.instructions().map(String::length).orElse(0);
    }

    /** Bytes of all descriptors of one server, those that are pinned too, and their findings. */
    static long of(ServerCatalog catalog) {
        return Stream.concat(catalog.tools().stream(), catalog.entries().stream())
                .mapToLong(CatalogueWeight::of)
                .sum();
    }

    private static long of(CatalogItem<?, ?> item) {
        var listed = item.listed();
        return OBJECTS
                + JsonWeight.ofTree(listed.tree())
                + item.pinned().map(it -> besides(listed, it)).orElse(0L)
                + item.findings().stream().mapToLong(CatalogueWeight::of).sum();
    }

    /** What is pinned and listed is one tree once it was stored. */
    private static long besides(Descriptor listed, Descriptor pinned) {
        return pinned.digest().equals(listed.digest()) ? 0 : JsonWeight.ofTree(pinned.tree());
    }

    private static long of(Finding finding) {
        return OBJECTS + finding.pointer().length() + finding.excerpt().length();
    }
}
