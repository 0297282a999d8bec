package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class WriterLeaseTest {
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final int EPOCHS = 50;

    private final DatabaseAddress database;
    private final StorePools pools;
    private final WriterLease lease;

    WriterLeaseTest(FaultyPostgres postgres) throws InterruptedException {
        database = postgres.newDatabase();
        StoreNode.open(postgres, database, "a", StoreNode.ALERT).close();
        pools = StorePools.open(database);
        lease = new WriterLease(pools.leases(), "x", TTL);
    }

    @BeforeEach
    void open() throws InterruptedException {
        lease.open();
    }

    @AfterEach
    void close() {
        pools.close();
    }

    /** Its own renewals may come with the epoch that it is just ending. */
    @Test
    void isNeverLostToTheOneWhoHoldsIt() {
        var over = new AtomicBoolean();
        var renewals =
                CompletableFuture.supplyAsync(() -> {
                    int lost = 0;
                    while (!over.get()) {
                        lost += lease.renew() && lease.isHeld() ? 0 : 1;
                    }
                    return lost;
                });

        for (int i = 0; i < EPOCHS; i++) {
            assertThat(lease.reopen()).isTrue();
        }
        over.set(true);

        assertThat(renewals.join()).isZero();
        assertThat(lease.renew()).isTrue();
    }

    @Test
    void isLostToWhoeverTakesItOver() {
        FaultyPostgres.execute(
                database, "update audit_writer set epoch = epoch + 1 where writer = 'x'");

        assertThat(lease.renew()).isFalse();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.reopen()).isFalse();
        assertThat(lease.renew()).isFalse();
    }
}
