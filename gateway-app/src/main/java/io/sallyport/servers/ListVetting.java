package io.sallyport.servers;

import io.sallyport.bridge.ByteBudget;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ToolNaming;
import io.sallyport.egress.FaultDetail;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.CatalogueWeight;
import io.sallyport.tenant.TenantView;
import io.sallyport.threads.ComputePool;
import io.sallyport.vetting.CatalogVetting;

/**
 * Judges what servers list, each item as a piece of its tenant's work, and how much they may list.
 *
 * @param naming what models and clients call the tools
 * @param budget of what is being read
 * @param most bytes of memory that the descriptors of one tenant may take
 */
public record ListVetting(ComputePool pool, ToolNaming naming, ByteBudget budget, long most) {
    /** Of the heap: ten thousand ordinary tools take some fifty megabytes. */
    private static final int PART_OF_HEAP = 8;

    /** Whose the bytes of listings are, beside the keys that send requests. */
    private static final String HOLDER = "listings";

    static ListVetting ofHeap(ComputePool pool, ToolNaming naming, ByteBudget budget) {
        var most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
        return new ListVetting(pool, naming, budget, most);
    }

    /** What one listing of the tenant's holds, from its first page until it is stored. */
    ByteBudget.Claim claim(TenantId tenant) {
        return budget.claim(tenant.value(), HOLDER);
    }

    /**
     * What fresh lists mean for what was {@code known} of the server.
     *
     * @throws io.sallyport.catalog.VettingStopped if that takes too long
     * @throws UpstreamException if the tenant's servers would list more than a tenant may have
     */
    Refreshed refreshed(
            TenantView view, McpServer server, ServerCatalog known, ServerAnswer answer) {
        var judging = new PooledJudging(pool, server.tenant());
        var tools = judging.judge(view::knownTools);
        var vetted =
                Storable.of(
                        CatalogVetting.vet(
                                server.identity().launched(answer.launch()),
                                answer.lists(),
                                tools,
                                judging,
                                naming));
        var refreshed = judging.judge(() -> CatalogRefresh.apply(known, vetted));
        if (judging.judge(() -> isTooMuch(view, server, known, refreshed.catalog()))) {
            throw new UpstreamException(
                    UpstreamFailure.RESPONSE_TOO_LARGE,
                    true,
                    FaultDetail.of(FaultDetail.Cause.CATALOGUE_FULL));
        }
        return refreshed;
    }

    /** A list that is no heavier than the one before is taken, whatever the others have. */
    private boolean isTooMuch(
            TenantView view, McpServer server, ServerCatalog known, ServerCatalog now) {
        var weight = CatalogueWeight.of(server, now);
        return view.weightBeside(server.slug()) + weight > most
                && weight > weightBefore(view, server, known);
    }

    private static long weightBefore(TenantView view, McpServer server, ServerCatalog known) {
        return view.server(server.slug()).map(it -> CatalogueWeight.of(it, known)).orElse(0L);
    }
}
