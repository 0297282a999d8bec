package io.sallyport.upstream.stdio;

import io.sallyport.bridge.ServerGreeting;
import io.sallyport.upstream.wire.Subscriptions;

/**
 * A running server that has said who it is.
 *
 * @param subscriptions to its resources
 */
record Greeted(ServerProcess process, ServerGreeting greeting, Subscriptions subscriptions) {
    Greeted(ServerProcess process, ServerGreeting greeting) {
        this(process, greeting, new Subscriptions());
    }
}
