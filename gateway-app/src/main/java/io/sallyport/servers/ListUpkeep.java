package io.sallyport.servers;

import io.sallyport.gate.StoreFailure;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/** Lists all servers again before their pins grow too old. */
final class ListUpkeep implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ListUpkeep.class);
    private static final long PAUSE_SECONDS = 15;

    private final ServerRegistry registry;
    private final TenantNames tenants;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean running;

    ListUpkeep(ServerRegistry registry, TenantNames tenants) {
        this.registry = registry;
        this.tenants = tenants;
        thread = Thread.ofVirtual().name("list-upkeep").unstarted(this::run);
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    private void run() {
        try {
            while (!stopped.await(PAUSE_SECONDS, TimeUnit.SECONDS)) {
                refreshAll();
            }
        } catch (InterruptedException _) {
            running = false;
        }
    }

    private void refreshAll() throws InterruptedException {
        try {
            for (var tenant : tenants.all()) {
                registry.refreshStale(tenant);
            }
        } catch (StoreFailure | DataAccessException e) {
            LOG.warn("list upkeep: {}", e.getClass().getSimpleName());
        }
    }

    @Override
    public void stop() {
        running = false;
        stopped.countDown();
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
