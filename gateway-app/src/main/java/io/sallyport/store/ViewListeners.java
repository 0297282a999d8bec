package io.sallyport.store;

import io.sallyport.policy.TenantId;
import io.sallyport.tenant.ViewChanges;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to know when the view of a tenant changes. */
final class ViewListeners implements ViewChanges {
    private static final Logger LOG = LoggerFactory.getLogger(ViewListeners.class);

    private final Map<TenantId, List<Listener>> listeners = new ConcurrentHashMap<>();

    /** Told apart by identity, so that one runnable can be registered twice. */
    private final class Listener implements Registration {
        private final TenantId tenant;
        private final Runnable told;

        Listener(TenantId tenant, Runnable told) {
            this.tenant = tenant;
            this.told = told;
        }

        @Override
        public void close() {
            listeners.computeIfPresent(
                    tenant,
                    (_, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
        }
    }

    @Override
    public Registration onChange(TenantId tenant, Runnable listener) {
        var added = new Listener(tenant, listener);
        listeners.compute(
                tenant,
                (_, all) -> {
                    var list = all == null ? new CopyOnWriteArrayList<Listener>() : all;
                    list.add(added);
                    return list;
                });
        return added;
    }

    /** One listener's trouble is nobody else's. */
    void tell(TenantId tenant) {
        for (var listener : listeners.getOrDefault(tenant, List.of())) {
            try {
                listener.told.run();
            } catch (RuntimeException e) {
                LOG.error("a listener of {} failed: {}", tenant, e.getClass().getSimpleName());
            }
        }
    }
}
