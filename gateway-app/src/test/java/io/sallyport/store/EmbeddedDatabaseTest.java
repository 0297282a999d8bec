package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.threads.Supervision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class EmbeddedDatabaseTest {
    @TempDir private Path folder;
    private EmbeddedDatabase embedded;

    @BeforeEach
    void start() {
        embedded = EmbeddedDatabase.start(GatewayFolder.open(folder));
    }

    @AfterEach
    void stop() {
        embedded.close();
    }

    @Test
    void aKilledServerRunsAgainAtItsAddressWithWhatWasCommitted() throws IOException {
        embedded.keepRunning(new Supervision());
        FaultyPostgres.execute(embedded.address(), "create table kept (a int)");

        for (int kills = 0; kills < 2; kills++) {
            var before = pid();
            FaultyPostgres.signal("-KILL", java.util.List.of(before));
            eventually()
                    .ignoreExceptions() // while it starts, the file is not there, or not whole
                    .untilAsserted(() -> assertThat(pid()).isNotEqualTo(before));
            eventually().until(() -> answers("select count(*) from kept"));
        }
    }

    @Test
    void aStoppedServerStaysStopped() {
        embedded.keepRunning(new Supervision());

        embedded.close();

        assertThat(folder.resolve("database/postmaster.pid")).doesNotExist();
        embedded.close();
    }

    private boolean answers(String sql) {
        try {
            return FaultyPostgres.count(embedded.address(), sql) == 0;
        } catch (AssertionError _) {
            return false;
        }
    }

    private long pid() throws IOException {
        var file = folder.resolve("database/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }
}
