package io.sallyport.servers;

import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.VettedCatalog;
import io.sallyport.gate.Governance;
import io.sallyport.gate.ListFreshness;
import io.sallyport.gate.TenantView;
import io.sallyport.identity.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** Registers servers and keeps what is known of their tools fresh. */
public final class ServerRegistry implements ListFreshness {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRegistry.class);

    /** A pin is trusted for as long as its server's last list is not older. */
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private static final int ATTEMPTS = 3;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ServerStore store;
    private final ServerConnections connections;
    private final Governance governance;
    private final Clock clock;
    private final Map<ServerKey, Instant> listed = new ConcurrentHashMap<>();
    private final Map<ServerKey, Instant> failed = new ConcurrentHashMap<>();
    private final Map<ServerKey, Object> turns = new ConcurrentHashMap<>();

    public ServerRegistry(
            ServerStore store, ServerConnections connections, Governance governance, Clock clock) {
        this.store = store;
        this.connections = connections;
        this.governance = governance;
        this.clock = clock;
    }

    /** How a registration or refresh ended. */
    public sealed interface Outcome {
        record Listed(McpServer server, ServerCatalog catalog) implements Outcome {}

        record SlugTaken() implements Outcome {}

        /** Refused by egress rules or unreachable: one answer, so that nobody can map a network. */
        record Unreachable() implements Outcome {}
    }

    /** Probes a new server and stores it as pending, with all that it lists to be reviewed. */
    public Outcome register(McpServer server, Optional<Credential> credential, Caller by)
            throws InterruptedException {
        var view = governance.view(server.tenant());
        if (view.server(server.slug()).isPresent()) {
            return new Outcome.SlugTaken();
        }
        var answer = connections.askOnce(server, credential);
        if (answer.isEmpty()) {
            return new Outcome.Unreachable();
        }
        var asked = server.with(answer.get().profile());
        var catalog =
                CatalogRefresh.apply(ServerCatalog.EMPTY, vet(view, asked, answer.get())).catalog();
        if (!store.add(asked, credential, catalog, by)) {
            return new Outcome.SlugTaken();
        }
        listed.put(ServerKey.of(server), clock.instant());
        return new Outcome.Listed(asked, catalog);
    }

    private static VettedCatalog vet(TenantView view, McpServer server, ServerAnswer answer) {
        var elsewhere =
                view.tools().stream()
                        .map(CatalogTool::ref)
                        .filter(it -> !it.server().equals(server.slug()))
                        .toList();
        return Storable.of(VettedCatalog.vet(server.identity(), answer.lists(), elsewhere));
    }

    /** Lists the server again and stores what changed; at most one at a time for each server. */
    public Outcome refresh(McpServer server) throws InterruptedException {
        synchronized (turns.computeIfAbsent(ServerKey.of(server), _ -> new Object())) {
            return listAgain(server);
        }
    }

    private Outcome listAgain(McpServer server) throws InterruptedException {
        try {
            var asked = clock.instant();
            var answer = ServerAnswer.of(connections.of(server));
            var outcome = store(server, answer);
            if (outcome instanceof Outcome.Listed) {
                listed.put(ServerKey.of(server), asked);
            }
            return outcome;
        } catch (UpstreamFault e) {
            LOG.warn("listing {} failed: {}", server.slug(), e.failure());
            failed.put(ServerKey.of(server), clock.instant());
            return new Outcome.Unreachable();
        }
    }

    /**
     * Stores what changed, computed again if the view moved meanwhile; unreachable if the server is
     * gone.
     */
    private Outcome store(McpServer server, ServerAnswer answer) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var view = governance.view(server.tenant());
            var current = view.server(server.slug());
            if (!current.map(McpServer::identity).equals(Optional.of(server.identity()))) {
                return new Outcome.Unreachable();
            }
            var fresh = current.orElseThrow().with(answer.profile());
            var known = view.catalog(server.slug());
            var refreshed = CatalogRefresh.apply(known, vet(view, fresh, answer));
            if (isSame(view, fresh, refreshed)
                    || store.refresh(fresh, refreshed, view.sequence())) {
                return new Outcome.Listed(fresh, refreshed.catalog());
            }
        }
        return new Outcome.Unreachable();
    }

    private static boolean isSame(TenantView view, McpServer fresh, Refreshed refreshed) {
        return view.server(fresh.slug()).equals(Optional.of(fresh))
                && refreshed.catalog().holdsTheSameAs(view.catalog(fresh.slug()));
    }

    @Override
    public boolean ensure(McpServer server) throws InterruptedException {
        if (isFresh(server)) {
            return true;
        }
        synchronized (turns.computeIfAbsent(ServerKey.of(server), _ -> new Object())) {
            return isFresh(server)
                    || (!failedLately(server) && listAgain(server) instanceof Outcome.Listed);
        }
    }

    /** Whoever waited while somebody else's attempt failed need not try at once. */
    private boolean failedLately(McpServer server) {
        var at = failed.get(ServerKey.of(server));
        return at != null && at.plus(RETRY_AFTER).isAfter(clock.instant());
    }

    private boolean isFresh(McpServer server) {
        var at = listed.get(ServerKey.of(server));
        return at != null && at.plus(MAX_AGE).isAfter(clock.instant());
    }

    /** How long until an active server is to be listed again: at half of what a pin may be old. */
    Duration untilDue(ServerKey key) {
        var at = listed.get(key);
        var age = at == null ? MAX_AGE : Duration.between(at, clock.instant());
        return MAX_AGE.dividedBy(2).minus(age);
    }

    /** Lists an active server again; false if it is none any more, or that failed. */
    boolean refreshActive(ServerKey key) throws InterruptedException {
        try {
            var server = active(key);
            return server.isPresent() && refresh(server.get()) instanceof Outcome.Listed;
        } catch (RuntimeException e) {
            LOG.error("refreshing {} failed: {}", key, e.getClass().getSimpleName());
            return false;
        }
    }

    /** The server as it is now, if calls may reach it. */
    Optional<McpServer> active(ServerKey key) {
        return governance
                .view(key.tenant())
                .server(key.slug())
                .filter(it -> it.status() == ServerStatus.ACTIVE);
    }

    /** What a server says of changes; nothing from one that calls may not reach. */
    Flux<ServerChange> changes(ServerKey key) {
        return active(key)
                .map(it -> connections.of(it).changes(new ChangeSubscription(Set.of())))
                .orElseGet(Flux::empty);
    }

    /** Ends what was started here for a server that calls may not reach any more. */
    public void end(McpServer server) {
        connections.end(server);
    }

    /** Forgets a removed server's connections. */
    public void forget(McpServer server) {
        listed.remove(ServerKey.of(server));
        connections.forget(server);
    }
}
