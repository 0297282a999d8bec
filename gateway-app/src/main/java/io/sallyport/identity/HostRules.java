package io.sallyport.identity;

import io.sallyport.error.Reason;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/**
 * Defence against DNS rebinding: only requests that name one of our own hosts are answered, and a
 * browser's request only from one of our own origins.
 *
 * @param hosts host names without port, lower case
 */
public record HostRules(Set<String> hosts) {
    /** What a gateway that listens on loopback is called. */
    public static final HostRules LOOPBACK =
            new HostRules(Set.of("localhost", "127.0.0.1", "[::1]"));

    public HostRules {
        hosts = Set.copyOf(hosts);
    }

    /** Why a request is not answered. */
    record Misdirected(int status, Reason reason, String sentence) {}

    Optional<Misdirected> refuses(HttpHeaders headers) {
        var host = headers.getOrDefault(HttpHeaders.HOST, List.of());
        if (host.size() != 1) {
            return Optional.of(
                    new Misdirected(400, Reason.INVALID_REQUEST, "Exactly one Host is required."));
        }
        if (!hosts.contains(withoutPort(host.getFirst()))) {
            return Optional.of(
                    new Misdirected(421, Reason.HOST_NOT_ALLOWED, "Invalid Host header"));
        }
        return headers.getOrDefault(HttpHeaders.ORIGIN, List.of()).stream().allMatch(this::isOurs)
                ? Optional.empty()
                : Optional.of(
                        new Misdirected(
                                403, Reason.ORIGIN_NOT_ALLOWED, "This origin is not allowed."));
    }

    private static String withoutPort(String host) {
        var colon = host.lastIndexOf(':');
        var name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return name.toLowerCase(Locale.ROOT);
    }

    private boolean isOurs(String origin) {
        try {
            var host = URI.create(origin).getHost();
            return host != null && hosts.contains(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
