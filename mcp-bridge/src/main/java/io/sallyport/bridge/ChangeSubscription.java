package io.sallyport.bridge;

import java.util.Set;

/**
 * Which changes of a server are wanted, besides those of its lists.
 *
 * @param uris resources whose updates are wanted
 */
public record ChangeSubscription(Set<String> uris) {
    public ChangeSubscription {
        uris = Set.copyOf(uris);
    }
}
