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
    private final Map<Whose, Turns> waiting = new ConcurrentHashMap<>();

    /**
     * @param subject whose queries take turns, empty for those of the whole tenant
     */
    private record Whose(TenantId tenant, String subject) {}

    /** Whoever has nothing under way is forgotten. */
    private static final class Turns {
        private final Semaphore one = new Semaphore(1, true);
        private int queries;
    }

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
        return alone(
                new Whose(tenant, ""), () -> inTurn(everybody, () -> Optional.of(query.get())));
    }

    /** The same for one of many callers of a tenant: none keeps the others waiting for long. */
    <T> Optional<T> run(Principal principal, Supplier<T> query) throws InterruptedException {
        var tenant = principal.tenant();
        return alone(new Whose(tenant, principal.subject()), () -> run(tenant, query));
    }

    private <T> Optional<T> alone(Whose whose, Turn<T> turn) throws InterruptedException {
        var turns =
                waiting.compute(whose, (_, known) -> joined(known == null ? new Turns() : known));
        try {
            return inTurn(turns.one, turn);
        } finally {
            waiting.computeIfPresent(whose, (_, known) -> --known.queries > 0 ? known : null);
        }
    }

    private static Turns joined(Turns turns) {
        turns.queries++;
        return turns;
    }

    /** Those who have something under way, each once. */
    int known() {
        return waiting.size();
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
