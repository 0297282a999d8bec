package io.sallyport.edge;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the gateway accepts as an HTTP request.
 *
 * @param hosts names, without port, that a {@code Host} header may carry; default {@code
 *     localhost}, {@code 127.0.0.1} and {@code [::1]}; the name in {@code public-url} is added
 * @param origins whole origins, such as {@code https://agents.example}, whose pages may send
 *     requests, and read the answers on {@code /mcp}, {@code /v1} and the metadata; pages of our
 *     own hosts always may send; default none
 * @param publicUrl where clients find the gateway if a proxy stands before it, without a path;
 *     default what they ask for
 * @param headTimeout longest time from the first byte of a request to the end of its headers,
 *     default 10 s
 * @param bodyTimeout longest time for a body, default 20 s; one more second for each 64 KiB that
 *     came
 * @param writeTimeout longest time in which a client may take nothing of an answer that waits for
 *     it, default 30 s: longer than a train's tunnel, shorter than a run
 * @param maxUnread answers that may wait so at once for clients of one key, default 50: each holds
 *     a run and up to 4 MiB of the system's buffers
 * @param idleTimeout how long a connection may stay without a request, default 60 s
 * @param maxRequestLine longest request line, default 8 KiB
 * @param maxHeaders all header fields together, default 16 KiB
 */
@ConfigurationProperties("sallyport.http")
public record HttpSettings(
        @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) Set<String> hosts,
        @DefaultValue Set<String> origins,
        @Nullable URI publicUrl,
        @DefaultValue("10s") Duration headTimeout,
        @DefaultValue("20s") Duration bodyTimeout,
        @DefaultValue(WRITE_SECONDS + "s") Duration writeTimeout,
        @DefaultValue("" + MAX_UNREAD) int maxUnread,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("8KB") DataSize maxRequestLine,
        @DefaultValue("16KB") DataSize maxHeaders) {
    private static final int WRITE_SECONDS = 30;
    private static final int MAX_UNREAD = 50;
    private static final DataSize SMALLEST = DataSize.ofKilobytes(1);
    private static final DataSize LARGEST = DataSize.ofMegabytes(1);

    public HttpSettings {
        hosts = Set.copyOf(hosts);
        origins = Set.copyOf(origins);
        require(!hosts.isEmpty(), "hosts must not be empty");
        require(
                origins.stream().allMatch(HttpSettings::isAddress),
                "origins must be like https://console.example, without a path");
        require(
                publicUrl == null || isAddress(publicUrl.toString()),
                "public-url must be like https://gateway.example, without a path");
        positive(headTimeout, "head-timeout");
        positive(bodyTimeout, "body-timeout");
        positive(writeTimeout, "write-timeout");
        require(maxUnread > 0, "max-unread must be more than nothing");
        positive(idleTimeout, "idle-timeout");
        sensible(maxRequestLine, "max-request-line");
        sensible(maxHeaders, "max-headers");
    }

    private static boolean isAddress(String text) {
        try {
            var uri = URI.create(text);
            var web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && text.endsWith("://" + uri.getRawAuthority());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static void positive(Duration value, String key) {
        require(value.isPositive(), key + " must be more than nothing");
    }

    private static void sensible(DataSize value, String key) {
        require(
                value.compareTo(SMALLEST) >= 0 && value.compareTo(LARGEST) <= 0,
                key + " must be between 1 KB and 1 MB");
    }

    private static void require(boolean met, String sentence) {
        if (!met) {
            throw new IllegalArgumentException("sallyport.http." + sentence);
        }
    }

    /** The names that a request may be for. */
    Set<String> ownHosts() {
        return publicUrl == null
                ? hosts
                : Stream.concat(hosts.stream(), Stream.of(publicUrl.getHost()))
                        .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
