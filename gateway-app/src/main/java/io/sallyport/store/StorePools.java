package io.sallyport.store;

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

    @Override
    public void close() {
        List.of(health, reads, integration, leases, calls).forEach(Database::close);
    }
}
