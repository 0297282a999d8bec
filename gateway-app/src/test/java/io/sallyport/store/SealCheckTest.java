package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A start with another seal key is told in one sentence, whatever was sealed before. */
@ExtendWith(FaultyPostgresExtension.class)
class SealCheckTest {
    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    SealCheckTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    private Store open(int key) throws InterruptedException {
        var sealKey = new byte[32];
        Arrays.fill(sealKey, (byte) key);
        return Store.open(
                new Store.Settings(
                        database,
                        GatewayFolder.open(postgres.newFolder()),
                        sealKey,
                        "a",
                        Clock.systemUTC()));
    }

    private void assertIsOpenedBy(int key) throws InterruptedException {
        try (var store = open(key)) {
            assertThat(store.trouble()).isEmpty();
        }
    }

    private void assertIsRefused(int key) {
        assertThatThrownBy(() -> open(key))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("SALLYPORT_SEAL_KEY is not the key");
    }

    @Test
    void anInstallationThatHasSealedNothingYetKnowsItsKey() throws InterruptedException {
        assertIsOpenedBy(1);

        assertIsRefused(2);
        assertIsOpenedBy(1);
    }

    /** One that was made before there was a check. */
    @Test
    void anOlderInstallationIsKnownByTheKeysOfItsPeople() throws InterruptedException {
        try (var store = open(1)) {
            store.settings().create(StoreNode.TENANT, StoreNode.admin());
            store.payloads().seal(StoreNode.TENANT, "p1", new byte[1], new byte[0]);
        }
        FaultyPostgres.execute(database, "delete from seal_check");

        assertIsRefused(2);
        assertIsOpenedBy(1);
        assertIsRefused(2);
    }

    /** A changed database is the verifier's to tell; it keeps nobody from starting. */
    @Test
    void oneThingThatDoesNotOpenIsNotTheKeysFault() throws InterruptedException {
        try (var store = open(1)) {
            store.settings().create(StoreNode.TENANT, StoreNode.admin());
            store.payloads().seal(StoreNode.TENANT, "p1", new byte[1], new byte[0]);
        }
        FaultyPostgres.execute(database, "update seal_check set sealed = '\\x00'");

        assertIsOpenedBy(1);
        assertIsRefused(2);
    }
}
