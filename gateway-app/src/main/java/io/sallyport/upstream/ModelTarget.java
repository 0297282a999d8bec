package io.sallyport.upstream;

import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.SecretWords;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One provider model that an alias may use.
 *
 * @param baseUrl ends in {@code /v1}; {@code /chat/completions} is appended
 * @param apiKey the provider's key in clear, never shown again; absent for keyless upstreams
 * @param egressAllow exceptions for private addresses, {@code CIDR:port}
 */
public record ModelTarget(
        String provider,
        URI baseUrl,
        String model,
        Optional<String> apiKey,
        List<String> egressAllow) {
    public ModelTarget {
        egressAllow = List.copyOf(egressAllow);
    }

    /** Renders what this provider says. */
    PeerText words() {
        var inUrl = SecretWords.ofUrl(baseUrl).stream();
        return PeerText.of(Stream.concat(apiKey.stream(), inUrl).toList());
    }

    /** The key never shows in a log. */
    @Override
    public String toString() {
        return "ModelTarget[" + provider + ", " + model + "]";
    }
}
