package io.sallyport.edge;

import io.sallyport.settings.WebAddress;
import io.sallyport.settings.Within;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What the gateway accepts as an HTTP request.
 *
 * @param hosts names, without port, that a {@code Host} header may carry; the name in {@code
 *     public-url} is added
 * @param origins whole origins, such as {@code https://agents.example}, whose pages may send
 *     requests, and read the answers on {@code /mcp}, {@code /v1} and the metadata; pages of our
 *     own hosts always may send
 * @param publicUrl where clients find the gateway if a proxy stands before it, without a path;
 *     unless given, what they ask for
 * @param headTimeout longest time from the first byte of a request to the end of its headers
 * @param bodyTimeout longest time for a body; one more second for each 64 KiB that came
 * @param writeTimeout longest time in which a client may take nothing of an answer that waits for
 *     it; longer than a train's tunnel, shorter than a run
 * @param maxUnread answers that may wait so at once for clients of one key; each holds a run and up
 *     to 4 MiB of the system's buffers
 * @param idleTimeout how long a connection may stay without a request
 * @param maxRequestLine longest request line
 * @param maxHeaders all header fields together
 */
@Validated
@ConfigurationProperties("sallyport.http")
public record HttpSettings(
        @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) @NotEmpty(message = "must not be empty")
                Set<String> hosts,
        @DefaultValue @WebAddress Set<String> origins,
        @WebAddress @Nullable URI publicUrl,
        @DefaultValue("10s") @Within(min = "1s", max = "5m") Duration headTimeout,
        @DefaultValue("20s") @Within(min = "1s", max = "10m") Duration bodyTimeout,
        @DefaultValue(WRITE_SECONDS + "s") @Within(min = "1s", max = "10m") Duration writeTimeout,
        @DefaultValue("" + MAX_UNREAD) @Within(min = "1", max = "100000") int maxUnread,
        @DefaultValue("60s") @Within(min = "1s", max = "1h") Duration idleTimeout,
        @DefaultValue("8KB") @Within(min = "1KB", max = "1MB") DataSize maxRequestLine,
        @DefaultValue("16KB") @Within(min = "1KB", max = "1MB") DataSize maxHeaders) {
    private static final int WRITE_SECONDS = 30;
    private static final int MAX_UNREAD = 50;

    public HttpSettings {
        hosts = Set.copyOf(hosts);
        origins = Set.copyOf(origins);
    }

    /** The names that a request may be for. */
    Set<String> ownHosts() {
        return publicUrl == null
                ? hosts
                : Stream.concat(hosts.stream(), Stream.of(publicUrl.getHost()))
                        .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
