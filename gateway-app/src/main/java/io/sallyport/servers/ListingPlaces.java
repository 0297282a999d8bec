package io.sallyport.servers;

import io.sallyport.policy.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Of listings that nobody waits for only so many are under way, so that they stay out of the way of
 * calls. Whoever waits for a place may be interrupted.
 */
final class ListingPlaces {
    /** For all tenants: each listing may hold the whole answer of a server. */
    static final int AT_ONCE = 16;

    /** Of them those of one tenant, so that its slow servers leave places to others. */
    static final int AT_ONCE_FOR_TENANT = 4;

    private final Map<TenantId, Semaphore> tenants = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_ONCE, true);

    /** A listing from its first byte until what it said is stored. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws InterruptedException;
    }

    /** Lists once there is a place for the tenant. */
    <T> T unasked(TenantId tenant, Work<T> listing) throws InterruptedException {
        var own = tenants.computeIfAbsent(tenant, _ -> new Semaphore(AT_ONCE_FOR_TENANT, true));
        return within(own, () -> within(places, listing));
    }

    private static <T> T within(Semaphore bound, Work<T> listing) throws InterruptedException {
        bound.acquire();
        try {
            return listing.run();
        } finally {
            bound.release();
        }
    }
}
