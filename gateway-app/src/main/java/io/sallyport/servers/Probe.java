package io.sallyport.servers;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.VettingStopped;
import io.sallyport.tenant.TenantView;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a server that calls do not reach yet: one that is registered, or said to be elsewhere. */
record Probe(ServerConnections connections, ListVetting vetting) {
    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    /** What came of it. */
    sealed interface Found {
        /**
         * @param server with what it says of itself
         * @param launch digest of the program that said it; empty if none was started
         */
        record Listed(McpServer server, Refreshed lists, String launch) implements Found {}

        record Not(ServerRegistry.Outcome outcome) implements Found {}
    }

    /**
     * Asks once, with a connection of its own.
     *
     * @param known what the server is known to offer
     * @param room where its lists count
     */
    Found ask(
            TenantView view,
            McpServer server,
            Optional<Credential> credential,
            ServerCatalog known,
            AnswerRoom room)
            throws InterruptedException {
        try {
            var answer = connections.askOnce(server, credential, room);
            var asked = server.with(answer.profile());
            var lists = vetting.refreshed(view, asked, known, answer);
            return new Found.Listed(asked, lists, answer.launch());
        } catch (UpstreamException e) {
            var fault = connections.fault(server, credential, e);
            return new Found.Not(unusable(doing(view, server), fault));
        } catch (VettingStopped _) {
            LOG.warn("{}: its lists could not be judged in time", doing(view, server));
            return new Found.Not(new ServerRegistry.Outcome.Busy());
        }
    }

    /** What the admin wants of the server, for the log. */
    private static String doing(TenantView view, McpServer server) {
        var isKnown = view.server(server.slug()).isPresent();
        return (isKnown ? "changing " : "registering ") + ServerKey.of(server);
    }

    /** The log has the reason, whatever the admin is told. */
    private static ServerRegistry.Outcome unusable(String doing, ServerFault fault) {
        var line = LOG.atWarn();
        if (!fault.words().isEmpty()) {
            line = line.addKeyValue("peer_text", fault.words());
        }
        line.log("{} failed: {}", doing, fault);
        return new ServerRegistry.Outcome.Unusable(fault);
    }
}
