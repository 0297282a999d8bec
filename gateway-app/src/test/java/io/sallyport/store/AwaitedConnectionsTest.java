package io.sallyport.store;

import static io.sallyport.store.FaultyPostgres.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool hears of no failure while the database is away, and so never pauses when it is back. */
@ExtendWith(FaultyPostgresExtension.class)
@Timeout(180)
class AwaitedConnectionsTest {
    private final FaultyPostgres postgres;
    private final DatabaseAddress address;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    AwaitedConnectionsTest(FaultyPostgres postgres) {
        this.postgres = postgres;
        address = postgres.newDatabase();
    }

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void whoeverAsksWhileTheServerIsGoneHasAConnectionOnceItIsBack() throws Exception {
        survives(postgres::kill, postgres::restart);
    }

    @Test
    void whoeverAsksWhileTheServerIsSilentHasAConnectionOnceItAnswers() throws Exception {
        survives(postgres::freeze, postgres::thaw);
    }

    private void survives(Runnable fault, Runnable repair) throws Exception {
        try (var source = awaited()) {
            fault.run();
            Future<Connection> asked;
            try {
                asked = askedInVain(source);
            } finally {
                repair.run();
            }
            try (var connection = asked.get()) {
                assertThat(connection.isValid(5)).isTrue();
            }
        }
    }

    /** However long it is away: a pool that was told of failures would pause for seconds. */
    @Test
    void aPoolHearsOfNoFailureWhileTheDatabaseIsAway() {
        var meters = new SimpleMeterRegistry();
        try (var database = Database.open(address)) {
            database.measure(meters);
            assertThat(answer(database)).isEqualTo(1);
            var attempts = attempts(meters);
            postgres.kill();
            try {
                for (int i = 0; i < 3; i++) {
                    assertThatExceptionOfType(StoreUnavailable.class)
                            .isThrownBy(() -> answer(database));
                }
                // One may have been under way when the server died.
                assertThat(attempts(meters)).isBetween(attempts, attempts + 1);
            } finally {
                postgres.restart();
            }
            eventually().ignoreExceptions().until(() -> answer(database) == 1);
        }
    }

    private static int answer(Database database) {
        return Database.read(() -> database.jdbc().sql("select 1").query(Integer.class).single());
    }

    /** Connections that were made, or could not be. */
    private static long attempts(SimpleMeterRegistry meters) {
        return meters.get("hikaricp.connections.creation").timer().count();
    }

    @Test
    void aClosedOneLetsNobodyWait() throws Exception {
        var source = awaited();
        postgres.kill();
        try {
            var asked = askedInVain(source);
            source.close();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(asked::get)
                    .withCauseInstanceOf(SQLException.class);
        } finally {
            postgres.restart();
        }
    }

    /** Whoever asked is gone: what comes all the same is given back. */
    @Test
    void whatComesAfterTheCloseIsGivenBack() throws Exception {
        var source = awaited(60);
        postgres.freeze();
        Future<Connection> asked;
        try {
            asked = askedInVain(source);
            source.close();
        } finally {
            postgres.thaw();
        }
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(asked::get)
                .withCauseInstanceOf(SQLException.class);
        eventually().until(() -> FaultyPostgres.count(address, OTHERS) == 0);
    }

    private static final String OTHERS =
            "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and pid <> pg_backend_pid()";

    /** A host that is lost without a word in the middle of a login is not waited for as long. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40})
    void aLoginThatBreaksOffIsTriedAgainSoon(int bytes) throws Exception {
        try (var proxy = SilentProxy.before(address, bytes);
                var source = new AwaitedConnections(proxy.address(), 60)) {
            source.await();
            var asked = threads.submit(() -> source.getConnection());
            assertThat(asked).succeedsWithin(Duration.ofSeconds(20));
            try (var connection = asked.get()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(60_000);
                assertThat(proxy.swallowed()).isEqualTo(1);
            }
        }
    }

    /** A pool checks its connections with less patience, and puts back what it found. */
    @Test
    void aConnectionOfAPoolWaitsForItsAnswersAsLongAsItWasSaid() throws Exception {
        var config = new HikariConfig();
        config.setDataSource(awaited(60));
        config.setMaximumPoolSize(2);
        config.setValidationTimeout(500);
        config.setConnectionInitSql("set statement_timeout = 59900");
        try (var pool = new HikariDataSource(config)) {
            for (int i = 0; i < 3; i++) {
                try (var one = pool.getConnection();
                        var other = pool.getConnection()) {
                    assertThat(one.getNetworkTimeout()).isEqualTo(60_000);
                    assertThat(other.getNetworkTimeout()).isEqualTo(60_000);
                }
                awaitACheck();
            }
        }
    }

    /** What was used half a second ago is checked when it is used again. */
    private static void awaitACheck() {
        var now = System.nanoTime();
        eventually().until(() -> System.nanoTime() - now > 600_000_000L);
    }

    @Test
    void oneThatIsNotAwaitedYetTellsEveryFailure() throws Exception {
        postgres.kill();
        try (var source = new AwaitedConnections(address, 2)) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(source::getConnection);
        } finally {
            postgres.restart();
        }
    }

    @Test
    void aLoginThatIsRefusedIsToldAtOnce() throws Exception {
        try (var source = awaited()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> source.getConnection(address.user(), "not it"))
                    .matches(it -> it.getSQLState().startsWith("28"));
        }
    }

    /** Somebody who has met the first failure, or waits for what is silent. */
    private Future<Connection> askedInVain(AwaitedConnections source) {
        var asker = new CompletableFuture<Thread>();
        var asked =
                threads.submit(() -> {
                    asker.complete(Thread.currentThread());
                    return source.getConnection();
                });
        eventually().until(() -> asker.join().getState() == Thread.State.TIMED_WAITING);
        return asked;
    }

    private AwaitedConnections awaited() {
        return awaited(2);
    }

    private AwaitedConnections awaited(int answerSeconds) {
        var source = new AwaitedConnections(address, answerSeconds);
        source.await();
        return source;
    }
}
