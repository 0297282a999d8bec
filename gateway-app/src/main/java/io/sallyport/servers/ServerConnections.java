package io.sallyport.servers;

import io.sallyport.bridge.AnswerRoom;
import io.sallyport.bridge.McpUpstream;
import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.ProgramWords;
import io.sallyport.bridge.SecretWords;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.catalog.EgressTerms;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.Transport;
import io.sallyport.egress.Destination;
import io.sallyport.egress.EgressClient;
import io.sallyport.egress.EgressVerdict;
import io.sallyport.egress.Header;
import io.sallyport.gate.UpstreamServers;
import io.sallyport.policy.TenantId;
import io.sallyport.threads.Await;
import io.sallyport.upstream.McpUpstreams;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upstream for each registered server, replaced when an admin changes where it is, how it is
 * spoken to or which secret it is shown. An older one never takes the place of a newer one.
 */
public final class ServerConnections implements UpstreamServers, AutoCloseable {
    /** Processes of all servers of one tenant: two servers may have as many as one may have. */
    private static final int MOST_PROCESSES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);

    private final EgressClient egress;
    private final ServerStore store;
    private final LaunchProfiles profiles;
    private final boolean loopbackHttp;
    private final ServerStates states;
    private final Map<ServerKey, Connection> connections = new ConcurrentHashMap<>();
    private final Map<TenantId, Semaphore> rooms = new ConcurrentHashMap<>();

    private record Connection(
            McpServer server, McpUpstream upstream, PeerText renderer, Launch launch) {
        /**
         * A program that is to be another one now runs on until that one is listed: what was
         * approved is this one. Where none runs, there is nothing to keep.
         */
        boolean serves(McpServer other, Launch now) {
            var runsOn = !isNothing(launch) && !digest(launch).equals(digest(now));
            return (launch.equals(now) || runsOn)
                    && server.transport().equals(other.transport())
                    && server.credential().equals(other.credential())
                    && server.era() == other.era()
                    && server.egress().equals(other.egress())
                    && server.revision() == other.revision();
        }

        private static boolean isNothing(Launch launch) {
            return digest(launch).isEmpty();
        }

        boolean isNewerThan(McpServer other) {
            return server.revision() > other.revision();
        }
    }

    /**
     * @param loopbackHttp whether plain http to loopback is allowed ({@code --dev})
     * @param states hears how calls end
     */
    ServerConnections(
            EgressClient egress,
            ServerStore store,
            LaunchProfiles profiles,
            boolean loopbackHttp,
            ServerStates states) {
        this.egress = egress;
        this.store = store;
        this.profiles = profiles;
        this.loopbackHttp = loopbackHttp;
        this.states = states;
    }

    /**
     * What has to be read or ended for it happens outside of the map, where others would wait.
     *
     * @throws ServerMoved if the server is another by now: a call that was decided before must
     *     reach neither the new place nor the old one with what belongs to the other
     */
    @Override
    public Connected of(McpServer server) {
        var connection = connection(server);
        return new Connected(
                connection.upstream(), digest(connection.launch()), connection.renderer());
    }

    private Connection connection(McpServer server) {
        var launch = launch(server);
        var known = connections.get(ServerKey.of(server));
        if (known != null && known.serves(server, launch)) {
            return known;
        }
        requireCurrent(server, known);
        var fresh = connected(server, launch);
        for (var now = known; ; now = connections.get(ServerKey.of(server))) {
            if (now != null && now.serves(server, launch)) {
                fresh.upstream().close();
                return now;
            }
            requireCurrent(server, now);
            if (isReplaced(server, now, fresh)) {
                return fresh;
            }
        }
    }

    private static void requireCurrent(McpServer server, @Nullable Connection now) {
        if (now != null && now.isNewerThan(server)) {
            throw new ServerMoved();
        }
    }

    /** Without its secret a server that has one is not called at all. */
    private Connection connected(McpServer server, Launch launch) {
        var key = ServerKey.of(server);
        var credential = store.credential(server);
        if (credential.isEmpty() && !server.credential().isEmpty()) {
            throw new ServerMoved();
        }
        var upstream = connect(server, credential, launch);
        var watched = new WatchedServer(upstream, it -> states.called(key, it));
        return new Connection(server, watched, renderer(server, credential, launch), launch);
    }

    /** How the server is started according to the operator's file; off for one that is not. */
    private Launch launch(McpServer server) {
        return switch (server.transport()) {
            case Transport.StreamableHttp _ -> new Launch.Off();
            case Transport.Stdio(var profile) -> profiles.find(profile);
        };
    }

    /** Of what would be started now for the server; empty for nothing. */
    String launchDigest(McpServer server) {
        return digest(launch(server));
    }

    /**
     * Whether it is a program that the operator's file does not permit, so that none is started.
     */
    boolean isNotPermitted(McpServer server) {
        return server.transport() instanceof Transport.Stdio && launchDigest(server).isEmpty();
    }

    private static String digest(Launch launch) {
        return switch (launch) {
            case Launch.Permitted(_, var digest) -> digest;
            case Launch.Unknown _, Launch.Refused _, Launch.Off _ -> "";
        };
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

    private McpUpstream connect(McpServer server, Optional<Credential> credential, Launch launch) {
        return switch (server.transport()) {
            case Transport.StreamableHttp(var url) -> connect(server, url, credential);
            case Transport.Stdio(var profile) -> started(server, profile, launch);
        };
    }

    /** A profile that is not in the operator's file, or not any more, starts nothing. */
    private McpUpstream started(McpServer server, String profile, Launch launch) {
        return switch (launch) {
            case Launch.Permitted(var exactly, _) ->
                    McpUpstreams.launch(exactly, room(server.tenant()));
            case Launch.Unknown _ -> notStarted(server, "there is no launch profile " + profile);
            case Launch.Refused _ -> notStarted(server, "its launch profile cannot be used");
            case Launch.Off _ -> notStarted(server, "the gateway serves without --profiles");
        };
    }

    private static McpUpstream notStarted(McpServer server, String why) {
        LOG.warn("server {} of {} is not started: {}", server.slug(), server.tenant(), why);
        return McpUpstreams.unreachable();
    }

    private Semaphore room(TenantId tenant) {
        return rooms.computeIfAbsent(tenant, _ -> new Semaphore(MOST_PROCESSES));
    }

    private McpUpstream connect(McpServer server, String url, Optional<Credential> credential) {
        List<Header> headers = credential.map(Credential::header).stream().toList();
        return McpUpstreams.connect(
                egress, destination(server, url, server.egress()), headers, server.era());
    }

    private Destination destination(McpServer server, String url, EgressTerms terms) {
        var pool = server.tenant() + "/" + server.slug();
        return new Destination(pool, URI.create(url), terms, loopbackHttp);
    }

    /**
     * Asks a server that is not registered yet.
     *
     * @param room where its lists count
     * @throws UpstreamException if it cannot be used
     */
    ServerAnswer askOnce(McpServer server, Optional<Credential> credential, AnswerRoom room)
            throws InterruptedException {
        var launch = launch(server);
        try (var upstream = connect(server, credential, launch)) {
            return asked(upstream, room, launch);
        }
    }

    /** What a server that is about to be changed is asked with. */
    Optional<Credential> credential(ServerChange change) {
        return switch (change.secret()) {
            case ServerChange.Secret.Kept() ->
                    change.movesOrigin() ? Optional.empty() : store.credential(change.before());
            case ServerChange.Secret.Dropped() -> Optional.empty();
            case ServerChange.Secret.Replaced(var by) -> Optional.of(by);
        };
    }

    /** Asks a registered server; throws like {@link #askOnce}, or {@link ServerMoved}. */
    ServerAnswer ask(McpServer server, AnswerRoom room) throws InterruptedException {
        var current = current(server);
        return asked(current.upstream(), room, current.launch());
    }

    /** Starts a program anew if the operator's file says something else of it now. */
    private Connection current(McpServer server) {
        var known = connection(server);
        if (known.launch().equals(launch(server))) {
            return known;
        }
        if (connections.remove(ServerKey.of(server), known)) {
            known.upstream().close();
        }
        return connection(server);
    }

    /** A program that does not answer says on its standard error why. */
    private static ServerAnswer asked(McpUpstream upstream, AnswerRoom room, Launch launch)
            throws InterruptedException {
        try {
            return ServerAnswer.of(upstream, room, digest(launch));
        } catch (UpstreamException e) {
            throw e.saying(upstream.words().reason());
        }
    }

    /** What the program of a server says beside its messages, each line rendered. */
    ProgramWords words(McpServer server) {
        var known = connections.get(ServerKey.of(server));
        if (known == null) {
            return ProgramWords.NONE;
        }
        return known.upstream().words().rendered(known.renderer()::render);
    }

    /** The fault of a registered server, what the server says of it rendered. */
    ServerFault fault(McpServer server, UpstreamException fault) throws InterruptedException {
        var isSilent = fault.detail().words().isEmpty();
        return fault(server, isSilent ? Optional.empty() : store.credential(server), fault);
    }

    /**
     * The same of one that shows {@code credential}: what it may know is taken out of its words.
     */
    ServerFault fault(McpServer server, Optional<Credential> credential, UpstreamException fault)
            throws InterruptedException {
        return ServerFault.of(
                fault, renderer(server, credential, launch(server)), isPublic(server));
    }

    private static PeerText renderer(
            McpServer server, Optional<Credential> credential, Launch launch) {
        var known =
                switch (server.transport()) {
                    case Transport.StreamableHttp(var url) -> SecretWords.ofUrl(URI.create(url));
                    case Transport.Stdio _ -> told(launch);
                };
        var shown = credential.map(Credential::secret).stream();
        return PeerText.of(Stream.concat(shown, known.stream()).toList());
    }

    /** What the operator tells a program and nobody else. */
    private static List<String> told(Launch launch) {
        return switch (launch) {
            case Launch.Permitted(var exactly, _) ->
                    Stream.concat(
                                    exactly.environment().values().stream(),
                                    SecretWords.ofArguments(exactly.argv()).stream())
                            .toList();
            case Launch.Unknown _, Launch.Refused _, Launch.Off _ -> List.of();
        };
    }

    /**
     * Whether a server is at public addresses only, now; then its tenant may know what it says. One
     * that needs an exception, or cannot be judged, is not.
     */
    private boolean isPublic(McpServer server) throws InterruptedException {
        return switch (server.transport()) {
            case Transport.Stdio _ -> false;
            case Transport.StreamableHttp(var url) ->
                    server.egress().allow().isEmpty()
                            || Await.one(egress.judge(destination(server, url, EgressTerms.NONE)))
                                    instanceof EgressVerdict.Permitted;
        };
    }

    ServerStates states() {
        return states;
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

    /** Ends the sessions with a server as it was before it became {@code now}. */
    void retire(McpServer now) {
        var key = ServerKey.of(now);
        var old = connections.get(key);
        if (old != null
                && old.server().revision() < now.revision()
                && connections.remove(key, old)) {
            old.upstream().close();
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
