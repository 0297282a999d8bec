package io.sallyport.admin;

import io.sallyport.catalog.CanonicalJson;
import io.sallyport.catalog.CatalogItem;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerProfile;
import io.sallyport.json.Sha256;
import java.util.List;

/**
 * Digest of all that a server offers, its instructions included, so that an approval of everything
 * names what it approves.
 */
final class ListDigest {
    private ListDigest() {}

    static String of(McpServer server, ServerCatalog catalog) {
        var digests = AdminAnswer.JSON.objectNode();
        sorted(catalog.tools()).forEach(digests.putArray("tools")::add);
        sorted(catalog.entries()).forEach(digests.putArray("entries")::add);
        server.profile()
                .flatMap(ServerProfile::instructions)
                .ifPresent(it -> digests.put("instructions", ofText(it)));
        return Sha256.of(CanonicalJson.write(digests));
    }

    private static List<String> sorted(List<? extends CatalogItem<?, ?>> items) {
        return items.stream().map(it -> it.listed().digest()).sorted().toList();
    }

    static String ofText(String text) {
        return Sha256.of(text);
    }
}
