package io.sallyport.mcp;

import io.sallyport.identity.ApiKey;
import io.sallyport.mcp.Lists.Topic;
import io.sallyport.tenant.ViewChanges;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;

/**
 * Streams that only tell what changes. They never end by themselves, so they are ended before the
 * web server waits for what is under way.
 */
final class Listeners implements SmartLifecycle {
    /** After so much silence a listener looks for itself. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    /**
     * Streams that one principal may keep open, unless set otherwise; each costs a thread and a
     * look at every change.
     */
    static final int MAX_EACH = 100;

    private final EndpointCalls endpointCalls;
    private final ViewChanges changes;
    private final Clock clock;
    private final PrincipalQuota streams;
    private final Set<InFlightRequest> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean started;
    private volatile boolean stopped;

    /**
     * @param each streams that one principal may keep open
     */
    Listeners(EndpointCalls endpointCalls, ViewChanges changes, Clock clock, int each) {
        streams = new PrincipalQuota(each);
        this.endpointCalls = endpointCalls;
        this.changes = changes;
        this.clock = clock;
    }

    /** What is done on a stream while it is open. */
    interface Listening<T> {
        T run() throws InterruptedException;
    }

    /** Runs {@code listening} as one more stream of the caller; empty if it has too many. */
    <T> Optional<T> admit(McpRequestContext context, Listening<T> listening)
            throws InterruptedException {
        var principal = context.caller().principal();
        if (!streams.take(principal)) {
            return Optional.empty();
        }
        try {
            return Optional.of(listening.run());
        } finally {
            streams.giveBack(principal);
        }
    }

    static RpcFault tooMany() {
        return RpcFault.of(
                429, RpcFault.INVALID_REQUEST, "Too many streams or subscriptions are open");
    }

    /**
     * Tells of each list that changes for the caller, until the client leaves, its key is no more,
     * it is stopped, or it may use nothing here any more.
     */
    void listen(
            McpRequestContext context,
            Set<Topic> topics,
            InFlightRequest inFlight,
            Consumer<Topic> changed)
            throws InterruptedException {
        var signal = new Semaphore(0);
        listening.add(inFlight);
        if (stopped) {
            inFlight.cancel(); // came while all were ended
        }
        var tenant = context.caller().principal().tenant();
        try (var _ = changes.onChange(tenant, signal::release)) {
            var known = fingerprints(context, topics);
            while (endpointCalls.tells(context)) {
                if (signal.tryAcquire(wait(context), TimeUnit.MILLISECONDS)
                        && endpointCalls.tells(context)) {
                    signal.drainPermits();
                    compare(known, fingerprints(context, topics), changed);
                }
            }
        } finally {
            listening.remove(inFlight);
        }
    }

    /** In milliseconds; nobody tells when a key expires. */
    private long wait(McpRequestContext context) {
        return endpointCalls
                .lists()
                .key(context)
                .flatMap(ApiKey::expires)
                .map(it -> Duration.between(clock.instant(), it).plusMillis(1))
                .filter(it -> it.compareTo(LOOK) < 0)
                .orElse(LOOK)
                .toMillis();
    }

    private static void compare(
            Map<Topic, String> known, Map<Topic, String> found, Consumer<Topic> changed) {
        found.forEach((topic, now) -> {
            if (!now.equals(known.put(topic, now))) {
                changed.accept(topic);
            }
        });
    }

    private Map<Topic, String> fingerprints(McpRequestContext context, Set<Topic> topics) {
        var fingerprints = new EnumMap<Topic, String>(Topic.class);
        topics.forEach(it -> fingerprints.put(it, endpointCalls.lists().fingerprint(context, it)));
        return fingerprints;
    }

    @Override
    public void start() {
        started = true;
        stopped = false;
    }

    @Override
    public void stop() {
        started = false;
        stopped = true;
        listening.forEach(InFlightRequest::cancel);
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
