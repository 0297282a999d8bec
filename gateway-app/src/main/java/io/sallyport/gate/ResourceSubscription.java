package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import java.util.Optional;

/**
 * A wish to hear when a resource is updated. Completed means that the caller may listen and that
 * the server was asked to tell.
 *
 * @param uri as the server names it
 */
public record ResourceSubscription(String uri) implements ContentCall {
    @Override
    public String method() {
        return "resources/subscribe";
    }

    @Override
    public String name() {
        return uri;
    }

    @Override
    public Optional<Continued> continued() {
        return Optional.empty();
    }
}
