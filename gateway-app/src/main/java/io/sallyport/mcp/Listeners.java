package io.sallyport.mcp;

import io.sallyport.gate.ViewChanges;
import io.sallyport.identity.ApiKey;
import io.sallyport.mcp.Lists.Topic;
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

    /** Streams that one principal may keep open; each costs a thread and a look at every change. */
    static final int MAX_EACH = 100;

    private final Surface surface;
    private final ViewChanges changes;
    private final Clock clock;
    private final Allotment streams = new Allotment(MAX_EACH);
    private final Set<Task> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean started;
    private volatile boolean stopped;

    Listeners(Surface surface, ViewChanges changes, Clock clock) {
        this.surface = surface;
        this.changes = changes;
        this.clock = clock;
    }

    /** What is done on a stream while it is open. */
    interface Listening<T> {
        T run() throws InterruptedException;
    }

    /** Runs {@code listening} as one more stream of the caller; empty if it has too many. */
    <T> Optional<T> admit(Exchange exchange, Listening<T> listening) throws InterruptedException {
        var principal = exchange.caller().principal();
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
    void listen(Exchange exchange, Set<Topic> topics, Task task, Consumer<Topic> changed)
            throws InterruptedException {
        var signal = new Semaphore(0);
        listening.add(task);
        if (stopped) {
            task.cancel(); // came while all were ended
        }
        var tenant = exchange.caller().principal().tenant();
        try (var _ = changes.onChange(tenant, signal::release)) {
            var known = fingerprints(exchange, topics);
            while (surface.tells(exchange)) {
                if (signal.tryAcquire(wait(exchange), TimeUnit.MILLISECONDS)
                        && surface.tells(exchange)) {
                    signal.drainPermits();
                    compare(known, fingerprints(exchange, topics), changed);
                }
            }
        } finally {
            listening.remove(task);
        }
    }

    /** In milliseconds; nobody tells when a key expires. */
    private long wait(Exchange exchange) {
        return surface.lists()
                .key(exchange)
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

    private Map<Topic, String> fingerprints(Exchange exchange, Set<Topic> topics) {
        var fingerprints = new EnumMap<Topic, String>(Topic.class);
        topics.forEach(it -> fingerprints.put(it, surface.lists().fingerprint(exchange, it)));
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
        listening.forEach(Task::cancel);
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
