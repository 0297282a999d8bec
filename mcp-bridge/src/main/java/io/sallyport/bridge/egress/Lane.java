package io.sallyport.bridge.egress;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.sallyport.bridge.Destination;
import io.sallyport.bridge.EgressSettings;
import java.time.Duration;
import java.util.List;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The connections of one pool to one origin under one set of permissions. A connection is only ever
 * reused for requests with exactly these, so that a withdrawn exception is withdrawn at once.
 */
final class Lane {
    private static final Duration EVICTION = Duration.ofSeconds(30);

    /** Requests that wait for a person and sessions that listen; both are counted elsewhere. */
    private static final int MOST_PATIENT = 1_600;

    private static final int MAX_HEADER_BYTES = 32 * 1024;

    private final ConnectionProvider connections;
    private final JudgedAddresses addresses;
    private final HttpClient http;
    private volatile long lastUse = System.nanoTime();

    Lane(Destination destination, EgressSettings settings, SslContext tls) {
        var rules = new DialRules(destination, settings.ownPort());
        this.connections = connections(destination, settings);
        this.addresses = new JudgedAddresses(settings.names(), rules);
        this.http = rules.isPlain() ? http(settings) : secured(http(settings), settings, tls);
    }

    private static ConnectionProvider connections(
            Destination destination, EgressSettings settings) {
        int most = destination.patient() ? MOST_PATIENT : settings.connections();
        return ConnectionProvider.builder(destination.pool())
                .maxConnections(most)
                .pendingAcquireMaxCount(most)
                .maxIdleTime(settings.idle())
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
            List<String> allow,
            boolean loopbackHttp,
            boolean patient) {
        static Key of(Destination destination) {
            return new Key(
                    destination.pool(),
                    destination.uri().getScheme(),
                    destination.uri().getRawAuthority(),
                    destination.allow(),
                    destination.loopbackHttp(),
                    destination.patient());
        }
    }
}
