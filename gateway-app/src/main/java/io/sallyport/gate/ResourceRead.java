package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import java.util.Optional;

/**
 * One requested resources/read.
 *
 * @param uri as the server names it
 */
public record ResourceRead(String uri, Optional<Continued> continued) implements ContentCall {
    @Override
    public String method() {
        return "resources/read";
    }

    @Override
    public String name() {
        return uri;
    }
}
