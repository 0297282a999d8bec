package io.sallyport.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The connections of one gateway, by what they are for. */
record StorePools(
        Database calls, Database leases, Database integration, Database reads, Database health)
        implements AutoCloseable {
    /**
     * Connects and brings the schema up to date.
     *
     * @throws StartFailure in one sentence, if that fails
     */
    static StorePools open(DatabaseAddress address) {
        var calls = Database.open(address);
        return new StorePools(
                calls,
                calls.through(Database.Pool.LEASES),
                calls.through(Database.Pool.INTEGRATION),
                calls.through(Database.Pool.READS),
                calls.through(Database.Pool.HEALTH));
    }

    void measure(MeterRegistry meters) {
        all().forEach(it -> it.measure(meters));
    }

    private List<Database> all() {
        return List.of(health, reads, integration, leases, calls);
    }

    @Override
    public void close() {
        all().forEach(Database::awaitNoMore);
        all().forEach(Database::close);
    }
}
