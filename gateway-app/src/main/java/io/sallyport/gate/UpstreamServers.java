package io.sallyport.gate;

import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.PeerText;
import io.sallyport.catalog.McpServer;

/** The connections to registered servers. */
public interface UpstreamServers {
    /** A server as the view describes it; a changed URL or credential is another connection. */
    Connected of(McpServer server);

    /**
     * @param launch digest of the program that it leads to; empty if none is started
     * @param renderer renders what the server says: without the secrets that it was shown over this
     *     connection, whatever took their place since
     */
    record Connected(McpUpstream upstream, String launch, PeerText renderer) {}
}
