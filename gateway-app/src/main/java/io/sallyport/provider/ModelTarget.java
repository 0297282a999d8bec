package io.sallyport.provider;

import io.sallyport.bridge.PeerText;
import io.sallyport.bridge.SecretWords;
import io.sallyport.catalog.EgressTerms;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One provider model that an alias may use.
 *
 * @param baseUrl ends in {@code /v1}; {@code /chat/completions} is appended
 * @param apiKey the provider's key in clear, never shown again; absent for keyless upstreams
 * @param egress what is permitted on the way to it
 */
public record ModelTarget(
        String provider, URI baseUrl, String model, Optional<String> apiKey, EgressTerms egress) {
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
