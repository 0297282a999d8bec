package io.sallyport.store;

import io.sallyport.policy.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One heavy query of a tenant at a time, and few of all tenants together. */
final class SearchLane {
    /** Connections that searches may take; the rest of the pool is left to what keeps the log. */
    private static final int AT_ONCE = 2;

    /** Longer than a search should take, short enough for a person at a console. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final Semaphore everybody = new Semaphore(AT_ONCE, true);
    private final Map<TenantId, Semaphore> tenants = new ConcurrentHashMap<>();

    /** Runs the query in its turn; empty if its turn did not come in time. */
    <T> Optional<T> run(TenantId tenant, Supplier<T> query) throws InterruptedException {
        var own = tenants.computeIfAbsent(tenant, _ -> new Semaphore(1, true));
        return inTurn(own, () -> inTurn(everybody, () -> Optional.of(query.get())));
    }

    private interface Turn<T> {
        Optional<T> take() throws InterruptedException;
    }

    private static <T> Optional<T> inTurn(Semaphore permits, Turn<T> turn)
            throws InterruptedException {
        if (!permits.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        try {
            return turn.take();
        } finally {
            permits.release();
        }
    }
}
