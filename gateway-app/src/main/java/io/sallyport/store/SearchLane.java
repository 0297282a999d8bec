package io.sallyport.store;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One query of a tenant at a time, and few of all tenants together. */
final class SearchLane {
    /** Connections that searches may take; the rest of the pool is left to what keeps the log. */
    private static final int AT_ONCE = 2;

    /** Longer than a search should take, short enough for a person at a console. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final Semaphore everybody;
    private final Map<TenantId, Semaphore> tenants = new ConcurrentHashMap<>();
    private final Map<Caller, Semaphore> callers = new ConcurrentHashMap<>();

    private record Caller(TenantId tenant, String subject) {}

    SearchLane() {
        this(AT_ONCE);
    }

    /**
     * @param atOnce queries of all tenants
     */
    SearchLane(int atOnce) {
        everybody = new Semaphore(atOnce, true);
    }

    /** Runs the query in its turn; empty if its turn did not come in time. */
    <T> Optional<T> run(TenantId tenant, Supplier<T> query) throws InterruptedException {
        var own = tenants.computeIfAbsent(tenant, _ -> new Semaphore(1, true));
        return inTurn(own, () -> inTurn(everybody, () -> Optional.of(query.get())));
    }

    /** The same for one of many callers of a tenant: none keeps the others waiting for long. */
    <T> Optional<T> run(Principal principal, Supplier<T> query) throws InterruptedException {
        var tenant = principal.tenant();
        var own =
                callers.computeIfAbsent(
                        new Caller(tenant, principal.subject()), _ -> new Semaphore(1, true));
        return inTurn(own, () -> run(tenant, query));
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
