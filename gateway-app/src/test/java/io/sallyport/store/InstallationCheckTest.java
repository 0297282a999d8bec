package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.catalog.EgressTerms;
import io.sallyport.provider.ModelAlias;
import io.sallyport.provider.ModelTarget;
import io.sallyport.provider.RunLimits;
import java.net.URI;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start with another seal key, or in the other mode, is told in one sentence. */
@ExtendWith(FaultyPostgresExtension.class)
class InstallationCheckTest {
    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    InstallationCheckTest(FaultyPostgres postgres) {
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

    private static ModelAlias model() {
        var target =
                new ModelTarget(
                        "openai",
                        URI.create("https://models.example/v1"),
                        "big",
                        Optional.of("key"),
                        EgressTerms.NONE);
        return new ModelAlias("m", List.of(target), Optional.empty(), RunLimits.DEFAULT);
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
        FaultyPostgres.execute(database, "delete from installation");

        assertIsRefused(2);
        assertIsOpenedBy(1);
        assertIsRefused(2);
    }

    /** Whatever the older one has sealed tells its key. */
    @Test
    void anOlderInstallationIsKnownByWhatItKeepsForItsServers() throws InterruptedException {
        try (var store = open(1)) {
            store.settings().create(StoreNode.TENANT, StoreNode.admin());
            store.settings().putModel(StoreNode.TENANT, model(), StoreNode.admin());
        }
        FaultyPostgres.execute(
                database, "delete from installation; delete from audit_keys.subject_key");

        assertIsRefused(2);
        assertIsOpenedBy(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theModeIsThatOfTheFirstStart(boolean dev) throws InterruptedException {
        try (var store = open(1)) {
            store.requireMode(dev, false);
            store.requireMode(dev, false);
        }
        try (var store = open(1)) {
            assertThatThrownBy(() -> store.requireMode(!dev, !dev))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(dev ? "was made by --dev" : "was not made by --dev");
            store.requireMode(dev, false);
        }
    }

    /** Keys that dev mode did not make are production's. */
    @Test
    void anOlderInstallationIsOfDevModeOnlyIfItsFolderSaysSo() throws InterruptedException {
        try (var store = open(1)) {
            store.settings().create(StoreNode.TENANT, StoreNode.admin());
            store.settings().addKey(StoreNode.admin().key(), StoreNode.admin());

            assertThatThrownBy(() -> store.requireMode(true, false))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("was not made by --dev");
            store.requireMode(true, true);
        }
    }

    /** A changed database is the verifier's to tell; it keeps nobody from starting. */
    @Test
    void oneThingThatDoesNotOpenIsNotTheKeysFault() throws InterruptedException {
        try (var store = open(1)) {
            store.settings().create(StoreNode.TENANT, StoreNode.admin());
            store.payloads().seal(StoreNode.TENANT, "p1", new byte[1], new byte[0]);
        }
        FaultyPostgres.execute(database, "update installation set sealed = '\\x00'");

        assertIsOpenedBy(1);
        assertIsRefused(2);
    }
}
