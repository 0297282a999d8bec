package io.sallyport.gate;

import io.sallyport.bridge.ServerChange;
import reactor.core.publisher.Flux;

/** How the wish to hear of a resource ended. */
public sealed interface SubscriptionResult {
    /**
     * The caller may hear of updates of the resource.
     *
     * @param updates what the server tells, from the moment of subscription and until cancelled;
     *     subscribing asks the server. Fails when it cannot tell any more
     * @param record as of {@link CallResult}
     */
    record Watching(Flux<ServerChange> updates, String record) implements SubscriptionResult {}

    /** The caller hears nothing. */
    record NotWatching(CallResult why) implements SubscriptionResult {}
}
