package io.sallyport.servers;

import io.sallyport.bridge.ServerChange;
import io.sallyport.catalog.ServerStatus;
import io.sallyport.recording.StoreFailure;
import io.sallyport.tenant.Governance;
import io.sallyport.threads.SupervisedThread;
import io.sallyport.threads.Supervision;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;

/** Sees to it that every active server, and no other, has its upkeep. */
final class ListUpkeep implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ListUpkeep.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final ServerRegistry registry;
    private final Governance governance;
    private final TenantNames tenants;
    private final Supervision supervision;
    private final SupervisedThread thread;

    /** Touched by the thread only. */
    private final Map<ServerKey, ServerUpkeep> kept = new HashMap<>();

    private volatile boolean running;

    ListUpkeep(
            ServerRegistry registry,
            Governance governance,
            TenantNames tenants,
            Supervision supervision) {
        this.registry = registry;
        this.governance = governance;
        this.tenants = tenants;
        this.supervision = supervision;
        thread = supervision.virtual("list-upkeep", this::run);
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    private void run() throws InterruptedException {
        try {
            while (!thread.isStoppedWithin(PAUSE)) {
                look();
            }
        } finally {
            kept.values().forEach(ServerUpkeep::close);
            kept.clear();
        }
    }

    private void look() {
        try {
            var active = active();
            kept.entrySet().removeIf(it -> isOver(it, active));
            active.forEach(it -> kept.computeIfAbsent(it, this::begin));
        } catch (StoreFailure e) {
            LOG.warn("list upkeep: {}", e.getClass().getSimpleName());
        }
    }

    private Set<ServerKey> active() {
        var active = new HashSet<ServerKey>();
        for (var tenant : tenants.all()) {
            governance.view(tenant).servers().stream()
                    .filter(it -> it.status() == ServerStatus.ACTIVE)
                    .map(ServerKey::of)
                    .forEach(active::add);
        }
        return active;
    }

    private static boolean isOver(Map.Entry<ServerKey, ServerUpkeep> one, Set<ServerKey> active) {
        if (active.contains(one.getKey())) {
            return false;
        }
        one.getValue().close();
        return true;
    }

    private ServerUpkeep begin(ServerKey key) {
        var upstream =
                new ServerUpkeep.Upstream() {
                    @Override
                    public Relisting list() throws InterruptedException {
                        return registry.refreshActive(key);
                    }

                    @Override
                    public Flux<ServerChange> changes() {
                        return registry.changes(key);
                    }
                };
        var rhythm = UpkeepRhythm.standard();
        return ServerUpkeep.start(supervision, key, upstream, rhythm, registry.untilDue(key));
    }

    @Override
    public void stop() {
        running = false;
        thread.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
