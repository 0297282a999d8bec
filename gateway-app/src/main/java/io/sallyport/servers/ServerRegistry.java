package io.sallyport.servers;

import io.sallyport.bridge.ChangeSubscription;
import io.sallyport.bridge.ProgramWords;
import io.sallyport.bridge.ServerChange;
import io.sallyport.bridge.UpstreamException;
import io.sallyport.bridge.UpstreamFailure;
import io.sallyport.catalog.CatalogRefresh.Refreshed;
import io.sallyport.catalog.McpServer;
import io.sallyport.catalog.ServerCatalog;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.catalog.VettingStopped;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.ListFreshness;
import io.sallyport.tenant.ListFreshness.Listing.Failed;
import io.sallyport.tenant.ListFreshness.Listing.Listed;
import io.sallyport.tenant.TenantView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** Registers servers and keeps what is known of their tools fresh. */
public final class ServerRegistry implements ListFreshness {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRegistry.class);

    /** A pin is trusted for as long as its server's last list is not older. */
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    /** A listing takes half of it at most; the rest is for what it has to be stored. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int ATTEMPTS = 3;

    private final ServerStore store;
    private final ServerConnections connections;
    private final ServerStates states;
    private final Governance governance;
    private final Probe probe;
    private final Clock clock;
    private final Map<ServerKey, Seen> listed = new ConcurrentHashMap<>();
    private final ListingFailures failures;
    private final Map<ServerKey, Turn> turns = new ConcurrentHashMap<>();
    private final ListingPlaces places = new ListingPlaces();
    private final ListingPlaces placesOfAdmins = new ListingPlaces();

    public ServerRegistry(
            ServerStore store,
            ServerConnections connections,
            Governance governance,
            Probe probe,
            Clock clock) {
        this.store = store;
        this.connections = connections;
        states = connections.states();
        this.governance = governance;
        this.probe = probe;
        this.clock = clock;
        failures = new ListingFailures(clock);
    }

    /** The last list of a server. */
    private record Seen(Instant at, Listed list) {}

    /** How a registration or refresh ended. */
    public sealed interface Outcome {
        record Listed(McpServer server, ServerCatalog catalog) implements Outcome {}

        record SlugTaken() implements Outcome {}

        /** It did not answer with what can be used, or must not be asked. */
        record Unusable(ServerFault fault) implements Outcome {}

        /** It was changed or removed meanwhile. */
        record Moved() implements Outcome {}

        /** Too much else is being listed. */
        record Busy() implements Outcome {}
    }

    /** Probes a new server and stores it as pending, with all that it lists to be reviewed. */
    public Outcome register(McpServer server, Optional<Credential> credential, Caller by)
            throws InterruptedException {
        return placed(server.tenant(), () -> registered(server, credential, by));
    }

    /** Does what an admin waits for as soon as there is a place for it. */
    Outcome placed(TenantId tenant, ListingPlaces.Work<Outcome> work) throws InterruptedException {
        return placesOfAdmins.asked(tenant, PATIENCE, work).orElseGet(Outcome.Busy::new);
    }

    private Outcome registered(McpServer server, Optional<Credential> credential, Caller by)
            throws InterruptedException {
        var view = governance.view(server.tenant());
        if (view.server(server.slug()).isPresent()) {
            return new Outcome.SlugTaken();
        }
        try (var held = probe.vetting().claim(server.tenant())) {
            return switch (probe.ask(view, server, credential, ServerCatalog.EMPTY, held::grow)) {
                case Probe.Found.Not(var outcome) -> outcome;
                case Probe.Found.Listed(var asked, var lists, var launch) -> {
                    if (!store.add(asked, credential, lists.catalog(), by)) {
                        yield new Outcome.SlugTaken();
                    }
                    tookIn(asked, launch);
                    yield new Outcome.Listed(asked, lists.catalog());
                }
            };
        }
    }

    /**
     * The server was listed by somebody who had the list stored.
     *
     * @param launch digest of the program that listed it; empty if none was started
     */
    void tookIn(McpServer server, String launch) {
        listed.put(ServerKey.of(server), new Seen(clock.instant(), new Listed(launch)));
        failures.forget(server);
        states.listed(ServerKey.of(server));
    }

    /** The server was changed, and what is known of it is of another time. */
    void changed(McpServer server) {
        connections.retire(server);
        listed.remove(ServerKey.of(server));
        failures.forget(server);
        states.forget(ServerKey.of(server));
    }

    /** What the server's program says beside its messages, if it is one; rendered. */
    public ProgramWords words(McpServer server) {
        return connections.words(server);
    }

    /** How the server does; empty if nothing was seen of it since the start. */
    public Optional<ServerHealth> health(McpServer server) {
        return states.of(ServerKey.of(server));
    }

    /** Lists the server again because an admin wants it. */
    public Outcome refreshAsked(McpServer server) throws InterruptedException {
        return placed(server.tenant(), () -> refresh(server));
    }

    /**
     * One listing of a server. It has a thread of its own and ends within the time that lists may
     * take, whoever waits for it or leaves.
     *
     * @param server as it was when that began
     */
    private record Turn(McpServer server, CompletableFuture<Attempt> attempt) {
        Turn(McpServer server) {
            this(server, new CompletableFuture<>());
        }
    }

    private record Attempt(Outcome outcome, Listing listing) {
        static Attempt moved() {
            return new Attempt(new Outcome.Moved(), new Listing.Overtaken());
        }

        static Attempt failed(ServerFault fault) {
            return new Attempt(
                    new Outcome.Unusable(fault),
                    switch (fault.failure()) {
                        case UNREACHABLE, TIMED_OUT, SERVER_ERROR -> Failed.NOT_ANSWERED;
                        case PROTOCOL_ERROR,
                                NOT_JSON,
                                ENCODED,
                                REDIRECT,
                                RESPONSE_TOO_LARGE,
                                UNAUTHORISED,
                                HTTP_ERROR,
                                DECLINED ->
                                Failed.NOT_USABLE;
                        case EGRESS_DENIED, OVER_LIMIT, OVERLOADED -> Failed.NOT_TRIED;
                    });
        }
    }

    /**
     * Lists the server again and stores what changed; at most one at a time for each server. What
     * was under way before may have seen less than the caller wants to know, and is waited for.
     */
    public Outcome refresh(McpServer server) throws InterruptedException {
        var before = turns.get(ServerKey.of(server));
        if (before != null) {
            end(before, System.nanoTime() + PATIENCE.toNanos());
        }
        return listing(server, PATIENCE).map(Attempt::outcome).orElseGet(Outcome.Busy::new);
    }

    /**
     * The end of the listing of exactly that server that is under way, or else of one that begins
     * now; empty if that takes longer than {@code patience}.
     */
    private Optional<Attempt> listing(McpServer server, Duration patience)
            throws InterruptedException {
        var key = ServerKey.of(server);
        var deadline = System.nanoTime() + patience.toNanos();
        var own = new Turn(server);
        for (var other = turns.putIfAbsent(key, own);
                other != null;
                other = turns.putIfAbsent(key, own)) {
            var attempt = end(other, deadline);
            if (other.server().equals(server) || attempt.isEmpty()) {
                return attempt;
            }
        }
        begin(own);
        return end(own, deadline);
    }

    private void begin(Turn turn) {
        Thread.ofVirtual().name("listing-" + turn.server().slug()).start(() -> take(turn));
    }

    private void take(Turn turn) {
        try {
            turn.attempt().complete(listNow(turn.server()));
        } catch (Throwable e) { // an Error too: others wait for it
            turn.attempt().completeExceptionally(e);
        } finally {
            turns.remove(ServerKey.of(turn.server()), turn);
        }
    }

    private static Optional<Attempt> end(Turn turn, long deadline) throws InterruptedException {
        try {
            var left = deadline - System.nanoTime();
            return Optional.of(turn.attempt().get(left, TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException broken) {
                throw broken; // the store, as if the caller had asked it
            }
            throw new IllegalStateException("listing failed", e);
        }
    }

    private Attempt listNow(McpServer server) throws InterruptedException {
        try (var held = probe.vetting().claim(server.tenant())) {
            var asked = clock.instant();
            var answer = connections.ask(server, held::grow);
            var stored = store(server, answer);
            if (stored.isEmpty()) {
                return Attempt.moved();
            }
            var list = new Listed(answer.launch());
            listed.put(ServerKey.of(server), new Seen(asked, list));
            states.listed(ServerKey.of(server));
            return new Attempt(stored.get(), list);
        } catch (UpstreamException e) {
            return failed(server, connections.fault(server, e));
        } catch (ServerMoved _) {
            return Attempt.moved();
        } catch (VettingStopped _) {
            return failed(server, ServerFault.of(UpstreamFailure.OVER_LIMIT));
        }
    }

    /** That a server which was changed meanwhile fails says nothing of what it is now. */
    private Attempt failed(McpServer server, ServerFault fault) {
        if (unchanged(server, governance.view(server.tenant())).isEmpty()) {
            return Attempt.moved();
        }
        failures.add(server, connections.launchDigest(server));
        states.listingFailed(ServerKey.of(server), fault);
        return Attempt.failed(fault);
    }

    /** The server as the view has it, if nobody changed where it is or what it is shown. */
    private static Optional<McpServer> unchanged(McpServer server, TenantView view) {
        return view.server(server.slug())
                .filter(it -> it.revision() == server.revision())
                .filter(it -> it.identity().equals(server.identity()));
    }

    /** Stores what changed, computed again if the view moved meanwhile; empty if the server did. */
    private Optional<Outcome> store(McpServer server, ServerAnswer answer) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var view = governance.view(server.tenant());
            var current = unchanged(server, view);
            if (current.isEmpty()) {
                return Optional.empty();
            }
            var fresh = current.orElseThrow().with(answer.profile());
            var known = view.catalog(server.slug());
            var refreshed = probe.vetting().refreshed(view, fresh, known, answer);
            if (isSame(view, fresh, refreshed)
                    || store.refresh(fresh, refreshed, view.sequence())) {
                return Optional.of(new Outcome.Listed(fresh, refreshed.catalog()));
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(TenantView view, McpServer fresh, Refreshed refreshed) {
        return view.server(fresh.slug()).equals(Optional.of(fresh))
                && refreshed.catalog().holdsTheSameAs(view.catalog(fresh.slug()));
    }

    @Override
    public Listing list(McpServer server, Duration patience) throws InterruptedException {
        if (connections.isNotPermitted(server)) {
            return Failed.NOT_PERMITTED;
        }
        if (failures.holds(server, connections.launchDigest(server))) {
            return Failed.NOT_TRIED;
        }
        return listing(server, patience).map(Attempt::listing).orElse(Failed.NOT_ANSWERED);
    }

    /** What another program listed says nothing of the one that would be started now. */
    @Override
    public Optional<Listed> latest(McpServer server) {
        return Optional.ofNullable(listed.get(ServerKey.of(server)))
                .filter(it -> it.at().plus(MAX_AGE).isAfter(clock.instant()))
                .map(Seen::list)
                .filter(it -> it.launch().equals(connections.launchDigest(server)));
    }

    /** How long until an active server is to be listed again: at half of what a pin may be old. */
    Duration untilDue(ServerKey key) {
        var seen = listed.get(key);
        var age = seen == null ? MAX_AGE : Duration.between(seen.at(), clock.instant());
        return MAX_AGE.dividedBy(2).minus(age);
    }

    /** Lists an active server again when there is a place for it. */
    Relisting refreshActive(ServerKey key) throws InterruptedException {
        try {
            return places.unasked(key.tenant(), () -> relist(key));
        } catch (RuntimeException e) {
            LOG.error("refreshing {} failed: {}", key, e.getClass().getSimpleName());
            return Relisting.FAILED;
        }
    }

    private Relisting relist(ServerKey key) throws InterruptedException {
        var server = active(key);
        var before = catalog(key);
        if (server.isEmpty() || !(refresh(server.get()) instanceof Outcome.Listed)) {
            return Relisting.FAILED;
        }
        return catalog(key).equals(before) ? Relisting.SAME : Relisting.CHANGED;
    }

    private ServerCatalog catalog(ServerKey key) {
        return governance.view(key.tenant()).catalog(key.slug());
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
                .map(it -> connections.of(it).upstream().changes(ChangeSubscription.ofLists()))
                .orElseGet(Flux::empty);
    }

    /** Forgets a removed server's connections. */
    public void forget(McpServer server) {
        listed.remove(ServerKey.of(server));
        failures.forget(server);
        connections.forget(server);
        states.forget(ServerKey.of(server));
    }
}
