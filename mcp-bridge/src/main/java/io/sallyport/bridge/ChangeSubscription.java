package io.sallyport.bridge;

import java.util.Set;

/**
 * Which changes of a server are wanted, besides those of its lists.
 *
 * @param envelope for whom, so that where there are sessions it is the one of its calls
 * @param uris resources whose updates are wanted
 */
public record ChangeSubscription(Envelope envelope, Set<String> uris) {
    public ChangeSubscription {
        uris = Set.copyOf(uris);
    }

    /** Nothing but the lists, and for nobody in particular. */
    public static ChangeSubscription ofLists() {
        return new ChangeSubscription(Envelope.plain(Envelope.SHARED), Set.of());
    }
}
