package io.sallyport.servers;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.VettingStopped;
import io.sallyport.gate.TenantView;
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
        } catch (UpstreamFault e) {
            return new Found.Not(unusable(server, connections.fault(server, credential, e)));
        } catch (VettingStopped _) {
            LOG.warn("registering {}: its lists could not be judged in time", ServerKey.of(server));
            return new Found.Not(new ServerRegistry.Outcome.Busy());
        }
    }

    /** The log has the reason, whatever the admin is told. */
    private static ServerRegistry.Outcome unusable(McpServer server, ServerFault fault) {
        var line = LOG.atWarn();
        if (!fault.words().isEmpty()) {
            line = line.addKeyValue("peer_text", fault.words());
        }
        line.log("registering {} failed: {}", ServerKey.of(server), fault);
        return new ServerRegistry.Outcome.Unusable(fault);
    }
}
