package io.sallyport.servers;

import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.identity.Caller;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.util.Optional;

/**
 * Servers and their catalogues on disk. Every change is recorded in the transaction that makes it.
 */
public interface ServerStore {
    /** Adds a server with what it lists; false if the slug is taken. */
    boolean add(
            McpServer server, Optional<Credential> credential, ServerCatalog catalog, Caller by);

    /**
     * Approves tools, resources, templates and prompts and makes the server active.
     *
     * @param seen the governance sequence of the view from which all this was computed
     * @return false if that view is out of date; nothing was changed
     */
    boolean approve(McpServer server, ServerCatalog catalog, long seen, Caller by);

    /**
     * Makes an admin's change, and ends the open approvals of a server whose place or credential is
     * another now. False like {@link #approve}.
     *
     * @param after the server as it will be, with what it said if it was asked
     * @param lists what it lists, and which approved items changed with it
     */
    boolean change(ServerChange change, McpServer after, Refreshed lists, Caller by);

    /**
     * Replaces the catalogue by what fresh lists showed, and what the server says of itself; each
     * drift is recorded. False like {@link #approve}.
     */
    boolean refresh(McpServer server, Refreshed refreshed, long seen);

    /** Removes a server and its catalogue; false if there was none. */
    boolean remove(TenantId tenant, ServerSlug slug, Caller by);

    /** The credential of exactly this server: not of another that has taken its name since. */
    Optional<Credential> credential(McpServer server);
}
