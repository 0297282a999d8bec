package io.sallyport.servers;

import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.Drift;
import io.sallyport.catalog.McpServer;
import io.sallyport.identity.Caller;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.Optional;

/** Servers and their tools on disk. Every change is recorded in the transaction that makes it. */
public interface ServerStore {
    /** Adds a server with its tools; false if the slug is taken. */
    boolean add(
            McpServer server, Optional<Credential> credential, List<CatalogTool> tools, Caller by);

    /**
     * Approves tools and makes the server active.
     *
     * @param seen the governance sequence of the view from which all this was computed
     * @return false if that view is out of date; nothing was changed
     */
    boolean approve(McpServer server, List<CatalogTool> tools, long seen, Caller by);

    /** Replaces a server's settings, keeping its tools; false like {@link #approve}. */
    boolean change(McpServer server, long seen, Caller by);

    /**
     * Replaces the tools by what a fresh list showed; each drift is recorded. False like {@link
     * #approve}.
     */
    boolean refresh(McpServer server, List<CatalogTool> tools, List<Drift> drifts, long seen);

    /** Removes a server and its tools; false if there was none. */
    boolean remove(TenantId tenant, ServerSlug slug, Caller by);

    /** The credential of exactly this server: not of another that has taken its name since. */
    Optional<Credential> credential(McpServer server);
}
