package io.sallyport.servers;

import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressClient;
import io.sallyport.bridge.Header;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.UpstreamFault;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Transport;
import io.sallyport.gate.UpstreamServers;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upstream for each registered server, replaced when its transport, credential or era changes.
 */
public final class ServerConnections implements UpstreamServers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);

    private final EgressClient egress;
    private final ServerStore store;
    private final LaunchProfiles profiles;
    private final boolean loopbackHttp;
    private final Map<ServerKey, Connection> connections = new ConcurrentHashMap<>();

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

    @Override
    public McpUpstream of(McpServer server) {
        var known = connections.get(ServerKey.of(server));
        if (known != null && known.serves(server)) {
            return known.upstream();
        }
        return connections
                .compute(ServerKey.of(server), (_, old) -> replace(server, old))
                .upstream();
    }

    private Connection replace(McpServer server, @Nullable Connection old) {
        if (old != null && old.serves(server)) {
            return old;
        }
        if (old != null) {
            old.upstream().close();
        }
        var credential = store.credential(server);
        return new Connection(server, connect(server, credential));
    }

    private McpUpstream connect(McpServer server, Optional<Credential> credential) {
        return switch (server.transport()) {
            case Transport.StreamableHttp(var url) -> connect(server, url, credential);
            case Transport.Stdio(var profile) -> launch(profile);
        };
    }

    /** A profile that is not in the operator's file, or not any more, starts nothing. */
    private McpUpstream launch(String profile) {
        return switch (profiles.find(profile)) {
            case Launch.Permitted(var exactly) -> McpUpstream.launch(exactly);
            case Launch.Unknown _, Launch.Off _ -> McpUpstream.unreachable();
        };
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
