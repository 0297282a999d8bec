package io.sallyport.upstream.session;

import io.sallyport.bridge.LogLevels;
import io.sallyport.bridge.ServerGreeting;
import io.sallyport.egress.Header;
import io.sallyport.upstream.wire.Subscriptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An open session.
 *
 * @param named whether the server gave it an id; one without cannot get lost
 * @param headers what every request of this session carries
 * @param stream where the server tells and asks what belongs to no request; opened when somebody
 *     waits for that
 * @param subscriptions to its resources
 * @param logLevel the most talkative level that the server was asked for in it, or an empty text
 * @param activity what is under way in it
 */
record Session(
        ServerGreeting greeting,
        boolean named,
        List<Header> headers,
        SessionStream stream,
        Subscriptions subscriptions,
        AtomicReference<String> logLevel,
        Activity activity) {
    Session(ServerGreeting greeting, boolean named, List<Header> headers, SessionStream stream) {
        this(
                greeting,
                named,
                List.copyOf(headers),
                stream,
                new Subscriptions(),
                new AtomicReference<>(""),
                new Activity());
    }

    /** Whether nobody would notice its end. */
    boolean isIdle() {
        return activity.isOver() && !stream.isOccupied();
    }

    /** Whether the server is to be asked for {@code level}; true once for each. */
    boolean raisesTo(String level) {
        if (!greeting.capabilities().has("logging") || !LogLevels.isLevel(level)) {
            return false;
        }
        var before = logLevel.get();
        var quieter = before.isEmpty() || !LogLevels.reaches(level, before);
        return quieter && logLevel.compareAndSet(before, level);
    }
}
