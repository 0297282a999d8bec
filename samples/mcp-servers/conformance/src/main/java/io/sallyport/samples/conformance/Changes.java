package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.EventStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Changes of lists and resources, told to every open stream that wants to know. */
final class Changes {

    /** How soon a stream notices that its client is gone. */
    private static final long COMMENT_SECONDS = 1;

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /**
     * One change.
     *
     * @param method of the notification
     * @param uri of the resource that changed; empty if a list did
     */
    record Change(String method, Optional<String> uri) {}

    void tell(Change change) {
        watches.forEach(watch -> watch.newest.add(change));
    }

    /** From now on no change is lost for this watch. */
    Watch watch() {
        var watch = new Watch();
        watches.add(watch);
        return watch;
    }

    /** What one stream has not been told yet. */
    final class Watch implements AutoCloseable {

        private final BlockingQueue<Change> newest = new LinkedBlockingQueue<>();

        /** Sends what {@code wanted} makes of each change, until the client leaves. */
        void pump(EventStream stream, Function<Change, Optional<JsonNode>> wanted)
                throws InterruptedException {
            while (true) {
                var change = newest.poll(COMMENT_SECONDS, TimeUnit.SECONDS);
                if (change == null) {
                    stream.comment();
                } else {
                    wanted.apply(change).ifPresent(stream::send);
                }
            }
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
