package io.sallyport.servers;

import io.sallyport.catalog.McpServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When servers could not be listed. Whoever waited while somebody else's attempt failed need not
 * try the same at once; another program, or a server that was changed, is not the same.
 */
final class ListingFailures {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Map<ServerKey, Failure> failures = new ConcurrentHashMap<>();
    private final Clock clock;

    ListingFailures(Clock clock) {
        this.clock = clock;
    }

    private record Failure(Instant at, long revision, String launch) {}

    /**
     * @param launch digest of the program that was to list it; empty if none was started
     */
    void add(McpServer server, String launch) {
        var failure = new Failure(clock.instant(), server.revision(), launch);
        failures.put(ServerKey.of(server), failure);
    }

    void forget(McpServer server) {
        failures.remove(ServerKey.of(server));
    }

    boolean holds(McpServer server, String launch) {
        var last = failures.get(ServerKey.of(server));
        return last != null
                && last.revision() == server.revision()
                && last.launch().equals(launch)
                && last.at().plus(RETRY_AFTER).isAfter(clock.instant());
    }
}
