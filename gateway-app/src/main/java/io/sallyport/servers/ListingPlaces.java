package io.sallyport.servers;

import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Of listings that nobody waits for, and of those that admins ask for, only so many are under way:
 * so they stay out of the way of calls and of memory. Whoever waits for a place may be interrupted.
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

    /**
     * Lists if there is a place for the tenant in time.
     *
     * @return empty if there was none
     */
    <T> Optional<T> asked(TenantId tenant, Duration patience, Work<T> listing)
            throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        var own = tenants.computeIfAbsent(tenant, _ -> new Semaphore(AT_ONCE_FOR_TENANT, true));
        return within(
                own, deadline, () -> within(places, deadline, () -> Optional.of(listing.run())));
    }

    private static <T> Optional<T> within(Semaphore bound, long deadline, Work<Optional<T>> listing)
            throws InterruptedException {
        if (!bound.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            return listing.run();
        } finally {
            bound.release();
        }
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
