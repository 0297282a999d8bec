package io.sallyport.gate;

import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.PeerText;
import io.sallyport.catalog.McpServer;

/** The connections to registered servers. */
public interface UpstreamServers {
    /**
     * The upstream of a server as the view describes it; a changed URL or credential is a new one.
     */
    McpUpstream of(McpServer server);

    /** Renders what that server says: without the secrets that it knows. */
    PeerText renderer(McpServer server);
}
