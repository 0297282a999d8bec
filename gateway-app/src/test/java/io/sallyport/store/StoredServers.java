package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerLists;
import io.sallyport.policy.Risk;
import io.sallyport.policy.ServerSlug;
import io.sallyport.tenant.ExampleCatalog;
import io.sallyport.tenant.TenantView;
import io.sallyport.vetting.CatalogVetting;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Servers that a test registers and lists without there being any. */
final class StoredServers {
    private final StoreNode node;

    StoredServers(StoreNode node) {
        this.node = node;
    }

    /** Registers the server if it is new, and approves all its tools, one a description. */
    void approve(ServerSlug slug, List<String> descriptions) {
        var listed = refreshed(view(), slug, descriptions).catalog();
        if (view().server(slug).isEmpty()) {
            node.store().servers().add(server(slug), Optional.empty(), listed, StoreNode.admin());
        }
        var approved =
                listed.tools().stream()
                        .map(it -> ExampleCatalog.approved(it.listed(), Risk.READ))
                        .toList();
        var catalog = new ServerCatalog(approved, List.of());
        assertThat(
                        node.store()
                                .servers()
                                .approve(
                                        server(slug),
                                        catalog,
                                        view().sequence(),
                                        StoreNode.admin()))
                .isTrue();
    }

    /** The server was listed again; whether that was stored. */
    boolean list(ServerSlug slug, List<String> descriptions) {
        return list(view(), slug, descriptions);
    }

    /** The same, compared with what was known at the time of an older view. */
    boolean list(TenantView seen, ServerSlug slug, List<String> descriptions) {
        var refreshed = refreshed(seen, slug, descriptions);
        return node.store().servers().refresh(server(slug), refreshed, seen.sequence());
    }

    private static CatalogRefresh.Refreshed refreshed(
            TenantView view, ServerSlug slug, List<String> descriptions) {
        var lists = new ServerLists(trees(descriptions), List.of(), List.of(), List.of());
        return CatalogRefresh.apply(
                view.catalog(slug), CatalogVetting.vet(server(slug).identity(), lists, List.of()));
    }

    private static List<JsonNode> trees(List<String> descriptions) {
        return IntStream.range(0, descriptions.size())
                .<JsonNode>mapToObj(it -> tree("t" + it, descriptions.get(it)))
                .toList();
    }

    private static JsonNode tree(String name, String description) {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("name", name).put("description", description);
        tree.putObject("inputSchema").put("type", "object");
        return tree;
    }

    private TenantView view() {
        return node.store().views().view(StoreNode.TENANT);
    }

    private static McpServer server(ServerSlug slug) {
        return ExampleCatalog.server(StoreNode.TENANT, slug.value());
    }
}
