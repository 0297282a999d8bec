package io.sallyport.servers;

import io.sallyport.catalog.Judging;
import io.sallyport.catalog.VettingStopped;
import io.sallyport.policy.TenantId;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.ComputePool.Outcome;
import java.time.Duration;
import java.util.function.Supplier;

/** Judges what a tenant's servers list on the threads for such work, as the tenant's. */
record PooledJudging(ComputePool pool, TenantId tenant) implements Judging {
    /** One item of at most 256 KiB takes some hundred milliseconds at worst. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public <T> T judge(Supplier<T> piece) {
        try {
            return switch (pool.run(tenant.value(), LIMIT, piece::get)) {
                case Outcome.Done<T>(var judged) -> judged;
                case Outcome.OutOfTime<T>(), Outcome.Overloaded<T>() -> throw new VettingStopped();
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new VettingStopped();
        }
    }
}
