package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attack 15: an installation with many epochs must not be too old to start. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class StartCheckTest {
    private final DatabaseAddress address;

    StartCheckTest(FaultyPostgres postgres) {
        address = postgres.newDatabase();
    }

    @Test
    void whatLooksAtEveryLaneMayTakeAsLongAsItNeeds() throws Exception {
        try (var database = Database.open(address);
                var connection = database.patient()) {
            assertThat(StartCheck.patiently(database, "show statement_timeout"))
                    .containsExactly("0");
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }
}
