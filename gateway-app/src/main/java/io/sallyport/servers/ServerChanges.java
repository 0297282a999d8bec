package io.sallyport.servers;

import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.KeptApprovals;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.identity.Caller;
import io.sallyport.servers.ServerRegistry.Outcome;
import io.sallyport.tenant.Governance;
import java.util.List;

/**
 * Changes servers. One that is said to be elsewhere, or is shown another credential, is asked as if
 * it were registered, and nothing is changed if it cannot be used.
 */
public final class ServerChanges {
    private final ServerStore store;
    private final ServerConnections connections;
    private final ServerRegistry registry;
    private final Governance governance;
    private final Probe probe;

    ServerChanges(
            ServerStore store,
            ServerConnections connections,
            ServerRegistry registry,
            Governance governance,
            Probe probe) {
        this.store = store;
        this.connections = connections;
        this.registry = registry;
        this.governance = governance;
        this.probe = probe;
    }

    public Outcome change(ServerChange change, Caller by) throws InterruptedException {
        return change.changesIdentity()
                ? registry.placed(change.after().tenant(), () -> moved(change, by))
                : stored(change, change.after(), new Refreshed(kept(change), List.of()), by);
    }

    private static ServerCatalog kept(ServerChange change) {
        return change.keepsApprovals() ? KeptApprovals.of(change.catalog()) : change.catalog();
    }

    private Outcome moved(ServerChange change, Caller by) throws InterruptedException {
        var credential = connections.credential(change);
        if (credential.isEmpty() && !change.after().credential().isEmpty()) {
            return new Outcome.Moved();
        }
        var view = governance.view(change.after().tenant());
        try (var held = probe.vetting().claim(change.after().tenant())) {
            return switch (probe.ask(
                    view, change.after(), credential, change.catalog(), held::grow)) {
                case Probe.Found.Not(var outcome) -> outcome;
                case Probe.Found.Listed(var asked, var lists, var launch) -> {
                    var outcome = stored(change, asked, kept(change, lists), by);
                    if (outcome instanceof Outcome.Listed) {
                        registry.tookIn(asked, launch);
                    }
                    yield outcome;
                }
            };
        }
    }

    private static Refreshed kept(ServerChange change, Refreshed lists) {
        return change.keepsApprovals() ? KeptApprovals.of(change.catalog(), lists) : lists;
    }

    private Outcome stored(ServerChange change, McpServer after, Refreshed lists, Caller by) {
        if (!store.change(change, after, lists, by)) {
            return new Outcome.Moved();
        }
        if (change.changesConnections()) {
            registry.changed(after);
        }
        if (after.status() == ServerStatus.DISABLED) {
            connections.end(after);
        }
        return new Outcome.Listed(after, lists.catalog());
    }
}
