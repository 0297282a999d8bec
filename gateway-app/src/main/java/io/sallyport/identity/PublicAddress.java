package io.sallyport.identity;

import java.net.URI;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where clients find the gateway: behind a proxy that ends TLS it does not know by itself.
 *
 * @param configured without a path; absent for what the client asked for
 */
public record PublicAddress(Optional<URI> configured) {
    /** Scheme and authority, without a slash at the end; the request's {@code Host} is judged. */
    String base(ServerHttpRequest request) {
        return configured
                .map(URI::toString)
                .orElseGet(() -> {
                    var uri = request.getURI();
                    return uri.getScheme() + "://" + uri.getRawAuthority();
                });
    }
}
