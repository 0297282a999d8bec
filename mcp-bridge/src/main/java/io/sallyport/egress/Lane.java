package io.sallyport.egress;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.sallyport.catalog.EgressTerms;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The connections of one pool to one origin under one set of permissions. A connection is only ever
 * reused for requests with exactly these, so that a withdrawn exception is withdrawn at once.
 */
final class Lane {
    private static final Duration EVICTION = Duration.ofSeconds(30);

    /** Longer than any request may take: its own deadline ends its wait. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(31);

    private static final int MAX_HEADER_BYTES = 32 * 1024;

    private final ConnectionProvider connections;
    private final JudgedAddresses addresses;
    private final HttpClient http;
    private final Semaphore room;
    private volatile long lastUse = System.nanoTime();

    Lane(Destination destination, EgressSettings settings, SslContext tls) {
        var rules = new DialRules(destination, settings.ownPort());
        var most = most(destination, settings.limits());
        this.room = new Semaphore(most + settings.limits().waiting());
        this.connections = connections(destination, most, settings.idle());
        this.addresses = new JudgedAddresses(settings.names(), rules);
        this.http = rules.isPlain() ? http(settings) : secured(http(settings), settings, tls);
    }

    private static int most(Destination destination, EgressLimits limits) {
        return destination.patient() ? limits.patient() : limits.connections();
    }

    /** How many wait is counted here, so that whoever is refused is told why. */
    private static ConnectionProvider connections(
            Destination destination, int most, Duration idle) {
        return ConnectionProvider.builder(destination.pool())
                .maxConnections(most)
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(LONGEST_WAIT)
                .maxIdleTime(idle)
                .evictInBackground(EVICTION)
                .lifo()
                .build();
    }

    private HttpClient http(EgressSettings settings) {
        int connectMillis = Math.toIntExact(settings.connect().toMillis());
        return HttpClient.create(connections)
                .protocol(HttpProtocol.HTTP11)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                .resolver(addresses)
                .noProxy()
                .followRedirect(false)
                .compress(false)
                .disableRetry(true) // a request that may have arrived is never sent again
                .httpResponseDecoder(spec -> spec.maxHeaderSize(MAX_HEADER_BYTES))
                .headers(headers -> headers.set("user-agent", "sallyport"));
    }

    private static HttpClient secured(HttpClient http, EgressSettings settings, SslContext tls) {
        return http.secure(spec -> spec.sslContext(tls).handshakeTimeout(settings.connect()));
    }

    HttpClient http() {
        lastUse = System.nanoTime();
        return http;
    }

    /** Whether one more request may be under way or wait; if so, it leaves later. */
    boolean enter() {
        return room.tryAcquire();
    }

    void leave() {
        room.release();
    }

    long idleNanos() {
        return System.nanoTime() - lastUse;
    }

    void close() {
        connections.dispose();
        addresses.close();
    }

    /** What two requests must have in common to share connections. */
    record Key(
            String pool,
            String scheme,
            String authority,
            EgressTerms terms,
            boolean loopbackHttp,
            boolean patient) {
        /** Of what mostly tells them apart; equality looks at everything. */
        @Override
        public int hashCode() {
            return 31 * pool.hashCode() + authority.hashCode();
        }

        static Key of(Destination destination) {
            return new Key(
                    destination.pool(),
                    destination.uri().getScheme(),
                    destination.uri().getRawAuthority(),
                    destination.terms(),
                    destination.loopbackHttp(),
                    destination.patient());
        }
    }
}
