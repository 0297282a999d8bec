package io.sallyport.chat;

import io.sallyport.policy.TenantId;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.Stoppable;
import io.sallyport.tenant.Stops;
import io.sallyport.tenant.TenantView;
import io.sallyport.tenant.ViewChanges;
import io.sallyport.tenant.ViewPart;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An admin who can stop the tenant; whoever is under way is told at once. */
final class FakeStops implements Governance, ViewChanges {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile TenantView view;

    FakeStops(TenantView view) {
        this.view = view;
    }

    void stop() {
        var stop = new Stops.Stop("it leaks", Instant.EPOCH);
        var stops = new Stops(Map.of(new Stoppable.Tenant(), stop));
        view = view.with(view.sequence() + 1, List.of(new ViewPart.OfStops(stops)));
        listeners.forEach(Runnable::run);
    }

    @Override
    public TenantView view(TenantId tenant) {
        return view;
    }

    @Override
    public TenantView refreshed(TenantView stale) {
        return view;
    }

    @Override
    public Registration onChange(TenantId tenant, Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
