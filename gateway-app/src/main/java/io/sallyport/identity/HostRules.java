package io.sallyport.identity;

import io.sallyport.error.Reason;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/**
 * Defence against DNS rebinding: only requests that name one of our own hosts are answered, and a
 * browser's request only from a page of our own or of a listed origin. Ports are not compared: a
 * tunnel or a proxy changes them, and what rebinding cannot forge is the name.
 *
 * @param hosts host names without port, compared without case
 * @param origins further origins, as browsers write them
 */
public record HostRules(Set<String> hosts, Set<String> origins) {
    private static final int MAX_PORT = 65_535;

    public HostRules {
        hosts = lowerCase(hosts);
        origins = lowerCase(origins);
    }

    private static Set<String> lowerCase(Set<String> names) {
        return names.stream()
                .map(it -> it.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why a request is not answered. */
    record Misdirected(int status, Reason reason, String sentence) {}

    private static final Optional<Misdirected> NO_HOST =
            Optional.of(
                    new Misdirected(400, Reason.INVALID_REQUEST, "Exactly one Host is required."));
    private static final Optional<Misdirected> FOREIGN_HOST =
            Optional.of(new Misdirected(421, Reason.HOST_NOT_ALLOWED, "Invalid Host header"));
    private static final Optional<Misdirected> FOREIGN_ORIGIN =
            Optional.of(
                    new Misdirected(403, Reason.ORIGIN_NOT_ALLOWED, "This origin is not allowed."));

    Optional<Misdirected> refuses(HttpHeaders headers) {
        var host = headers.getOrDefault(HttpHeaders.HOST, List.of());
        if (host.size() != 1 || host.getFirst().isEmpty()) {
            return NO_HOST;
        }
        if (!isOurHost(host.getFirst())) {
            return FOREIGN_HOST;
        }
        var origins = headers.getOrDefault(HttpHeaders.ORIGIN, List.of());
        return origins.isEmpty() || origins.size() == 1 && isAllowed(origins.getFirst())
                ? Optional.empty()
                : FOREIGN_ORIGIN;
    }

    /** Whether a {@code Host} names us, with any port or none. */
    public boolean isOurHost(String host) {
        var colon = host.lastIndexOf(':');
        var hasPort = colon > host.lastIndexOf(']');
        var name = hasPort ? host.substring(0, colon) : host;
        return hosts.contains(name.toLowerCase(Locale.ROOT))
                && (!hasPort || isPort(host, colon + 1));
    }

    private static boolean isPort(String host, int start) {
        int port = 0;
        for (int at = start; at < host.length() && port <= MAX_PORT; at++) {
            var digit = host.charAt(at) - '0';
            port = digit >= 0 && digit <= 9 ? port * 10 + digit : MAX_PORT + 1;
        }
        return port <= MAX_PORT;
    }

    /** Whether pages of exactly this origin were listed; pages of our own hosts are not. */
    boolean isListed(String origin) {
        return origins.contains(origin);
    }

    private boolean isAllowed(String origin) {
        return origins.contains(origin.toLowerCase(Locale.ROOT)) || isOurPage(origin);
    }

    private boolean isOurPage(String origin) {
        try {
            var uri = URI.create(origin);
            var web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            var authority = uri.getRawAuthority(); // http:x is a URI that has none
            return web && authority != null && uri.getRawUserInfo() == null && isOurHost(authority);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
