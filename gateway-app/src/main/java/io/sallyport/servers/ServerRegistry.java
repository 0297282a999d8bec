package io.sallyport.servers;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.ListKind;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.CatalogRefresh;
import io.sallyport.catalog.CatalogTool;
import io.sallyport.catalog.DescriptorVetting;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.VettedTool;
import io.sallyport.gate.Governance;
import io.sallyport.gate.ListFreshness;
import io.sallyport.gate.TenantView;
import io.sallyport.identity.Caller;
import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Registers servers and keeps what is known of their tools fresh. */
public final class ServerRegistry implements ListFreshness {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRegistry.class);

    /** A pin is trusted for as long as its server's last list is not older. */
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    /** MCP 2025-11-25, Tools: names should not be longer. */
    private static final int MAX_NAME = 128;

    private static final int ATTEMPTS = 3;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ServerStore store;
    private final ServerConnections connections;
    private final Governance governance;
    private final Clock clock;
    private final Map<Key, Instant> listed = new ConcurrentHashMap<>();
    private final Map<Key, Instant> failed = new ConcurrentHashMap<>();
    private final Map<Key, Object> turns = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, ServerSlug slug) {
        static Key of(McpServer server) {
            return new Key(server.tenant(), server.slug());
        }
    }

    public ServerRegistry(
            ServerStore store, ServerConnections connections, Governance governance, Clock clock) {
        this.store = store;
        this.connections = connections;
        this.governance = governance;
        this.clock = clock;
    }

    /** How a registration or refresh ended. */
    public sealed interface Outcome {
        record Listed(McpServer server, List<CatalogTool> tools) implements Outcome {}

        record SlugTaken() implements Outcome {}

        /** Refused by egress rules or unreachable: one answer, so that nobody can map a network. */
        record Unreachable() implements Outcome {}
    }

    /** Probes a new server and stores it as pending, with its tools to be reviewed. */
    public Outcome register(McpServer server, Optional<Credential> credential, Caller by)
            throws InterruptedException {
        if (governance.view(server.tenant()).server(server.slug()).isPresent()) {
            return new Outcome.SlugTaken();
        }
        var fresh = connections.listOnce(server, credential);
        if (fresh.isEmpty()) {
            return new Outcome.Unreachable();
        }
        var tools = CatalogRefresh.apply(List.of(), vet(server, fresh.get())).tools();
        if (!store.add(server, credential, tools, by)) {
            return new Outcome.SlugTaken();
        }
        listed.put(Key.of(server), clock.instant());
        return new Outcome.Listed(server, tools);
    }

    private List<VettedTool> vet(McpServer server, List<JsonNode> descriptors) {
        var elsewhere =
                governance.view(server.tenant()).tools().stream()
                        .map(CatalogTool::ref)
                        .filter(it -> !it.server().equals(server.slug()))
                        .toList();
        return DescriptorVetting.vet(server.identity(), descriptors, elsewhere).stream()
                .filter(it -> isStorable(it.descriptor().ref().tool()))
                .toList();
    }

    /**
     * A name that no database can hold is no tool, and must not keep the others from being stored.
     */
    private static boolean isStorable(String name) {
        return name.length() <= MAX_NAME && name.chars().noneMatch(Character::isISOControl);
    }

    /** Lists the server again and stores what changed; at most one at a time for each server. */
    public Outcome refresh(McpServer server) throws InterruptedException {
        synchronized (turns.computeIfAbsent(Key.of(server), _ -> new Object())) {
            return listAgain(server);
        }
    }

    private Outcome listAgain(McpServer server) throws InterruptedException {
        try {
            var asked = clock.instant();
            var fresh = Await.one(connections.of(server).list(ListKind.TOOLS));
            var tools = store(server, fresh);
            tools.ifPresent(_ -> listed.put(Key.of(server), asked));
            return tools.<Outcome>map(it -> new Outcome.Listed(server, it))
                    .orElseGet(Outcome.Unreachable::new);
        } catch (UpstreamFault e) {
            LOG.warn("listing {} failed: {}", server.slug(), e.failure());
            failed.put(Key.of(server), clock.instant());
            return new Outcome.Unreachable();
        }
    }

    /**
     * Stores what changed, computed again if the view moved meanwhile; empty if the server is gone.
     */
    private Optional<List<CatalogTool>> store(McpServer server, List<JsonNode> fresh) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var view = governance.view(server.tenant());
            if (!view.server(server.slug())
                    .map(McpServer::identity)
                    .equals(Optional.of(server.identity()))) {
                return Optional.empty();
            }
            var known = toolsOf(view, server);
            var refreshed = CatalogRefresh.apply(known, vet(server, fresh));
            var isSame = refreshed.tools().equals(known);
            if (isSame
                    || store.refresh(
                            server, refreshed.tools(), refreshed.drifts(), view.sequence())) {
                return Optional.of(refreshed.tools());
            }
        }
        return Optional.empty();
    }

    private static List<CatalogTool> toolsOf(TenantView view, McpServer server) {
        return view.tools().stream().filter(it -> it.ref().server().equals(server.slug())).toList();
    }

    @Override
    public boolean ensure(McpServer server) throws InterruptedException {
        if (isFresh(server)) {
            return true;
        }
        synchronized (turns.computeIfAbsent(Key.of(server), _ -> new Object())) {
            return isFresh(server)
                    || (!failedLately(server) && listAgain(server) instanceof Outcome.Listed);
        }
    }

    /** Whoever waited while somebody else's attempt failed need not try at once. */
    private boolean failedLately(McpServer server) {
        var at = failed.get(Key.of(server));
        return at != null && at.plus(RETRY_AFTER).isAfter(clock.instant());
    }

    private boolean isFresh(McpServer server) {
        var at = listed.get(Key.of(server));
        return at != null && at.plus(MAX_AGE).isAfter(clock.instant());
    }

    /** Lists every active server whose last list is older than half of what a pin may be. */
    public void refreshStale(TenantId tenant) throws InterruptedException {
        for (var server : List.copyOf(governance.view(tenant).servers())) {
            var at = listed.get(Key.of(server));
            var due = at == null || at.plus(MAX_AGE.dividedBy(2)).isBefore(clock.instant());
            if (server.status() == ServerStatus.ACTIVE && due) {
                refreshAlone(server);
            }
        }
    }

    /** One server's trouble is nobody else's. */
    private void refreshAlone(McpServer server) throws InterruptedException {
        try {
            refresh(server);
        } catch (RuntimeException e) {
            LOG.error("refreshing {} failed: {}", server.slug(), e.getClass().getSimpleName());
        }
    }

    /** Forgets a removed server's connections. */
    public void forget(McpServer server) {
        listed.remove(Key.of(server));
        connections.forget(server);
    }
}
