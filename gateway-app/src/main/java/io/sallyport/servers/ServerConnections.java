package io.sallyport.servers;

import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressClient;
import io.sallyport.bridge.Header;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Transport;
import io.sallyport.gate.UpstreamServers;
import io.sallyport.policy.TenantId;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upstream for each registered server, replaced when its transport, credential or era changes.
 */
public final class ServerConnections implements UpstreamServers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);

    /** Processes of all servers of one tenant: two servers may have as many as one may have. */
    private static final int MOST_PROCESSES = 64;

    private final EgressClient egress;
    private final ServerStore store;
    private final LaunchProfiles profiles;
    private final boolean loopbackHttp;
    private final Map<ServerKey, Connection> connections = new ConcurrentHashMap<>();
    private final Map<TenantId, Semaphore> rooms = new ConcurrentHashMap<>();

    private record Connection(McpServer server, McpUpstream upstream) {
        boolean serves(McpServer other) {
            return server.transport().equals(other.transport())
                    && server.credential().equals(other.credential())
                    && server.era() == other.era()
                    && server.egressAllow().equals(other.egressAllow());
        }
    }

    /**
     * @param loopbackHttp whether plain http to loopback is allowed ({@code --dev})
     */
    public ServerConnections(
            EgressClient egress, ServerStore store, LaunchProfiles profiles, boolean loopbackHttp) {
        this.egress = egress;
        this.store = store;
        this.profiles = profiles;
        this.loopbackHttp = loopbackHttp;
    }

    /** What has to be read or ended for it happens outside of the map, where others would wait. */
    @Override
    public McpUpstream of(McpServer server) {
        var known = connections.get(ServerKey.of(server));
        if (known != null && known.serves(server)) {
            return known.upstream();
        }
        var fresh = new Connection(server, connect(server, store.credential(server)));
        for (var now = known; ; now = connections.get(ServerKey.of(server))) {
            if (now != null && now.serves(server)) {
                fresh.upstream().close();
                return now.upstream();
            }
            if (isReplaced(server, now, fresh)) {
                return fresh.upstream();
            }
        }
    }

    private boolean isReplaced(McpServer server, @Nullable Connection old, Connection fresh) {
        var key = ServerKey.of(server);
        if (old == null) {
            return connections.putIfAbsent(key, fresh) == null;
        }
        var replaced = connections.replace(key, old, fresh);
        if (replaced) {
            old.upstream().close();
        }
        return replaced;
    }

    private McpUpstream connect(McpServer server, Optional<Credential> credential) {
        return switch (server.transport()) {
            case Transport.StreamableHttp(var url) -> connect(server, url, credential);
            case Transport.Stdio(var profile) -> launch(server.tenant(), profile);
        };
    }

    /** A profile that is not in the operator's file, or not any more, starts nothing. */
    private McpUpstream launch(TenantId tenant, String profile) {
        return switch (profiles.find(profile)) {
            case Launch.Permitted(var exactly) -> McpUpstream.launch(exactly, room(tenant));
            case Launch.Unknown _, Launch.Off _ -> McpUpstream.unreachable();
        };
    }

    private Semaphore room(TenantId tenant) {
        return rooms.computeIfAbsent(tenant, _ -> new Semaphore(MOST_PROCESSES));
    }

    private McpUpstream connect(McpServer server, String url, Optional<Credential> credential) {
        var pool = server.tenant() + "/" + server.slug();
        var destination =
                new Destination(pool, URI.create(url), server.egressAllow(), loopbackHttp);
        List<Header> headers = credential.map(Credential::header).stream().toList();
        return McpUpstream.connect(egress, destination, headers, server.era());
    }

    /** Asks a server that is not registered yet; empty if it cannot be used. */
    Optional<ServerAnswer> askOnce(McpServer server, Optional<Credential> credential)
            throws InterruptedException {
        try (var upstream = connect(server, credential)) {
            return Optional.of(ServerAnswer.of(upstream));
        } catch (UpstreamFault e) {
            LOG.warn("probe of {} failed: {} {}", server.slug(), e.failure(), e.refusal());
            return Optional.empty();
        }
    }

    /** Ends the programs that were started for a server; its next call starts them again. */
    void end(McpServer server) {
        switch (server.transport()) {
            case Transport.StreamableHttp _ -> {
                // its sessions cost nothing here
            }
            case Transport.Stdio _ -> forget(server);
        }
    }

    void forget(McpServer server) {
        var old = connections.remove(ServerKey.of(server));
        if (old != null) {
            old.upstream().close();
        }
        egress.forget(server.tenant() + "/" + server.slug());
    }

    @Override
    public void close() {
        connections.values().forEach(it -> it.upstream().close());
    }
}
