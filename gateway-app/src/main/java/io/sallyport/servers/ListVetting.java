package io.sallyport.servers;

import io.sallyport.bridge.ComputePool;
import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.catalog.VettedCatalog;
import io.sallyport.gate.TenantView;

/**
 * Judges what servers list, each item as a piece of its tenant's work.
 *
 * @param naming what models and clients call the tools
 */
public record ListVetting(ComputePool pool, ToolNaming naming) {
    /**
     * What fresh lists mean for what was {@code known} of the server.
     *
     * @throws io.sallyport.catalog.VettingStopped if that takes too long
     */
    Refreshed refreshed(
            TenantView view, McpServer server, ServerCatalog known, ServerAnswer answer) {
        var judging = new PooledJudging(pool, server.tenant());
        var tools = judging.judge(view::knownTools);
        var vetted =
                Storable.of(
                        VettedCatalog.vet(
                                server.identity().launched(answer.launch()),
                                answer.lists(),
                                tools,
                                judging,
                                naming));
        return judging.judge(() -> CatalogRefresh.apply(known, vetted));
    }
}
