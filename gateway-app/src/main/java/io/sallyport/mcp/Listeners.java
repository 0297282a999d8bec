package io.sallyport.mcp;

import io.sallyport.gate.ViewChanges;
import io.sallyport.mcp.Lists.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;

/**
 * Streams that only tell what changes. They never end by themselves, so they are ended before the
 * web server waits for what is under way.
 */
final class Listeners implements SmartLifecycle {
    private final Surface surface;
    private final ViewChanges changes;
    private final Set<Task> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean started;

    Listeners(Surface surface, ViewChanges changes) {
        this.surface = surface;
        this.changes = changes;
    }

    /**
     * Tells of each list that changes for the caller, until the client leaves or may use nothing
     * here any more.
     */
    void listen(Exchange exchange, Set<Topic> topics, Task task, Consumer<Topic> changed)
            throws InterruptedException {
        var signal = new Semaphore(0);
        listening.add(task);
        var tenant = exchange.caller().principal().tenant();
        try (var _ = changes.onChange(tenant, signal::release)) {
            var known = fingerprints(exchange, topics);
            while (surface.exists(exchange)) {
                signal.acquire();
                signal.drainPermits();
                fingerprints(exchange, topics)
                        .forEach((topic, now) -> {
                            if (!now.equals(known.put(topic, now))) {
                                changed.accept(topic);
                            }
                        });
            }
        } finally {
            listening.remove(task);
        }
    }

    private Map<Topic, String> fingerprints(Exchange exchange, Set<Topic> topics) {
        var fingerprints = new EnumMap<Topic, String>(Topic.class);
        topics.forEach(it -> fingerprints.put(it, surface.lists().fingerprint(exchange, it)));
        return fingerprints;
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
        listening.forEach(Task::cancel);
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
