package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * H14. A pseudonym that is looked up where a request is refused was a query on an event loop: a
 * frozen database then answered 500, and stopped {@code /livez}.
 */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(120)
class PseudonymsWithTheViewTest {
    private final FaultyPostgres postgres;
    private final DatabaseAddress database;

    PseudonymsWithTheViewTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        database = postgres.newDatabase();
    }

    /** H14: for a key that was made here, and for one that another gateway made. */
    @Test
    void theOwnerOfEveryKeyHasOneInMemoryBeforeTheKeyIsUsed() throws InterruptedException {
        try (var here = StoreNode.open(postgres, database, "here", StoreNode.UNCONCERNED);
                var there = StoreNode.open(postgres, database, "there", StoreNode.UNCONCERNED)) {
            here.addKey("k2", "user:bea");
            eventually().until(() -> there.store().views().byId("k2").isPresent());
            postgres.freeze();
            try {
                assertThat(known(here)).isPresent().isEqualTo(known(there));
            } finally {
                postgres.thaw();
            }
        }
    }

    private static java.util.Optional<String> known(StoreNode node) {
        return node.store().payloads().knownPseudonym(StoreNode.TENANT, "user:bea");
    }
}
