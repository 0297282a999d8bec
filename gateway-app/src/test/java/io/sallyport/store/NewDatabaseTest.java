package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the store does in a database that PostgreSQL has no statistics of. */
@ExtendWith(FaultyPostgresExtension.class)
class NewDatabaseTest {
    private static final int RECORDS = 3_000;

    /** By the writer, the integrator, the index of searches, and some room. */
    private static final int READS = 12;

    private static final String INDEXED = "select coalesce(sum(next), 0) from audit_search_mark";

    /** Backends report what they did when they pause. */
    private static final String TAKEN_IN =
            "select coalesce(sum(n_tup_ins), 0) from pg_stat_user_tables where relname = 'audit_leaf'";

    private static final String READ =
            "select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)"
                    + " from pg_stat_user_tables where relname = 'audit_intake'";

    private final DatabaseAddress database;
    private final FaultyPostgres postgres;
    private StoreNode node;

    NewDatabaseTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    @BeforeEach
    void open() throws InterruptedException {
        node = StoreNode.open(postgres, database, "a", StoreNode.UNCONCERNED);
        FaultyPostgres.execute(
                database, "alter table audit_intake set (autovacuum_enabled = false)");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aRecordIsReadAFewTimesHoweverManyThereAre() {
        for (int record = 0; record < RECORDS; record++) {
            node.store().trail().submit(StoreNode.fact()).join();
        }
        eventually().until(() -> count(INDEXED) >= RECORDS && count(TAKEN_IN) >= RECORDS);

        assertThat(count(READ)).isBetween((long) RECORDS, (long) READS * RECORDS);
    }

    private long count(String sql) {
        return FaultyPostgres.count(database, sql);
    }
}
