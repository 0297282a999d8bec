package io.sallyport.egress;

import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The lanes in use; one that nobody has used for a while is closed when a new one is opened. */
final class Lanes {
    /** Longer than any request may take. */
    private static final Duration UNUSED = Duration.ofMinutes(30);

    private static final int MOST = 4_096;

    private final ConcurrentHashMap<Lane.Key, Lane> lanes = new ConcurrentHashMap<>();
    private final Function<Destination, Lane> opener;

    Lanes(Function<Destination, Lane> opener) {
        this.opener = opener;
    }

    Lane to(Destination destination) {
        var key = Lane.Key.of(destination);
        var known = lanes.get(key);
        return known != null ? known : open(key, destination);
    }

    private Lane open(Lane.Key key, Destination destination) {
        sweep();
        return lanes.computeIfAbsent(key, _ -> opener.apply(destination));
    }

    private void sweep() {
        lanes.forEach((key, lane) -> closeIf(lane.idleNanos() > UNUSED.toNanos(), key));
        if (lanes.size() >= MOST) {
            lanes.entrySet().stream()
                    .max(Comparator.comparingLong(entry -> entry.getValue().idleNanos()))
                    .ifPresent(stalest -> closeIf(true, stalest.getKey()));
        }
    }

    void close(String pool) {
        lanes.keySet().forEach(key -> closeIf(key.pool().equals(pool), key));
    }

    void closeAll() {
        lanes.keySet().forEach(key -> closeIf(true, key));
    }

    private void closeIf(boolean wanted, Lane.Key key) {
        if (wanted) {
            var lane = lanes.remove(key);
            if (lane != null) {
                lane.close();
            }
        }
    }
}
