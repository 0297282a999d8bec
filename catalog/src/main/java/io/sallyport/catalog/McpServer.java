package io.sallyport.catalog;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.Set;

/**
 * A server that an admin registered.
 *
 * @param slug chosen by the admin, never taken from what the server says about itself
 * @param url the MCP endpoint
 * @param labels labels of all its tools, e.g. {@code outbound}
 * @param egressAllow addresses that are allowed although special, as {@code CIDR:port}
 * @param credential id of the credential to send, empty if none
 */
public record McpServer(
        TenantId tenant,
        ServerSlug slug,
        String url,
        Era era,
        ServerStatus status,
        Set<String> labels,
        List<String> egressAllow,
        String credential) {
    public McpServer {
        labels = Set.copyOf(labels);
        egressAllow = List.copyOf(egressAllow);
    }

    /** What the pins of this server hold. */
    public ServerIdentity identity() {
        return new ServerIdentity(slug, url, credential);
    }
}
