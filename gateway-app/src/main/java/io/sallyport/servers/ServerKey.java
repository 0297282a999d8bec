package io.sallyport.servers;

import io.sallyport.catalog.McpServer;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;

/** Which server is meant, whatever its settings are at the moment. */
record ServerKey(TenantId tenant, ServerSlug slug) {
    static ServerKey of(McpServer server) {
        return new ServerKey(server.tenant(), server.slug());
    }

    @Override
    public String toString() {
        return tenant + "/" + slug;
    }
}
