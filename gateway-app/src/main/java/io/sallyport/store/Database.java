package io.sallyport.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The one PostgreSQL of this process: its pool, its schema, its transactions. */
public final class Database implements AutoCloseable {
    /** A call is refused within 2 s when the store is gone, so no wait here may be longer. */
    private static final int TIMEOUT_MILLIS = 2_000;

    private static final int FOR_CALLS = 8;
    private static final int FOR_LEASES = 3;
    private static final int FOR_INTEGRATION = 2;
    private static final int FOR_READS = 4;
    private static final int FOR_HEALTH = 1;

    /** Who has connections of its own, so that nobody else can take them away. */
    enum Pool {
        /**
         * Views, approvals and changes: what a call may wait for is a connection that must be
         * checked first, or an answer on one that was used just now, never both. Eight keep a
         * database of four cores busy; a call that is not approved needs none.
         */
        CALLS(FOR_CALLS, 1_500, 2),
        /** The leases: renewal, both writers that begin an epoch. Short, or the writers stop. */
        LEASES(FOR_LEASES, 1_500, 2),
        /** The integrator and the search for open intents; one step moves thousands of rows. */
        INTEGRATION(FOR_INTEGRATION, 1_500, 10),
        /** What admins and auditors read, and proofs over long logs; may wait for each other. */
        READS(FOR_READS, 1_500, 10),
        /** The check of health, which has one question at a time. */
        HEALTH(FOR_HEALTH, 1_000, 2);

        private final int size;
        private final int connectMillis;
        private final int answerSeconds;

        Pool(int size, int connectMillis, int answerSeconds) {
            this.size = size;
            this.connectMillis = connectMillis;
            this.answerSeconds = answerSeconds;
        }

        /** The server gives up a little before we do, so that it does not work for nobody. */
        private int statementMillis() {
            return answerSeconds * 1_000 - 100;
        }
    }

    private static final int CHECK_MILLIS = 500;

    private final DatabaseAddress address;
    private final AwaitedConnections source;
    private final HikariDataSource pool;
    private final JdbcClient jdbc;
    private final DataSourceTransactionManager manager;
    private final TransactionTemplate transactions;

    private Database(DatabaseAddress address, Pool kind) {
        this.address = address;
        source = new AwaitedConnections(address, kind.answerSeconds);
        pool = new HikariDataSource(poolConfig(kind, source));
        source.await();
        jdbc = JdbcClient.create(pool);
        manager = new DataSourceTransactionManager(pool);
        transactions = newTransactions();
    }

    /**
     * Connects, checks that the server keeps what it acknowledges, and brings the schema up to
     * date.
     *
     * @throws StartFailure in one sentence, if any of that fails
     */
    public static Database open(DatabaseAddress address) {
        checkDurability(address);
        try {
            Flyway.configure()
                    .dataSource(address.url(), address.user(), address.password())
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StartFailure("the database schema cannot be brought up to date", e);
        }
        return new Database(address, Pool.CALLS);
    }

    /** The same database through connections of another kind. */
    Database through(Pool pool) {
        return new Database(address, pool);
    }

    private static void checkDurability(DatabaseAddress address) {
        try (var connection = connect(address, 5);
                var statement = connection.createStatement()) {
            for (var setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
                try (var row = statement.executeQuery("show " + setting)) {
                    row.next();
                    if ("off".equals(row.getString(1))) {
                        throw new StartFailure("the database runs with " + setting + " = off");
                    }
                }
            }
        } catch (SQLException e) {
            throw new StartFailure(
                    "the database cannot be reached or refuses the login"
                            + StartFailure.state(e)
                            + "; check --database-url, --database-user and"
                            + " SALLYPORT_DATABASE_PASSWORD",
                    e);
        }
    }

    private static HikariConfig poolConfig(Pool pool, DataSource source) {
        var config = new HikariConfig();
        config.setPoolName(pool.name().toLowerCase(Locale.ROOT));
        config.setDataSource(source);
        config.setMaximumPoolSize(pool.size);
        config.setMinimumIdle(Math.min(2, pool.size));
        config.setConnectionTimeout(pool.connectMillis);
        config.setValidationTimeout(CHECK_MILLIS);
        config.setConnectionInitSql("set statement_timeout = " + pool.statementMillis());
        return config;
    }

    /** Tells of the pool's connections whenever somebody looks. */
    void measure(MeterRegistry meters) {
        pool.setMetricRegistry(meters);
    }

    /** A connection of its own, outside the pool, in auto-commit mode. */
    Connection dedicated() throws SQLException {
        return connect(address, TIMEOUT_MILLIS / 1_000);
    }

    /**
     * One that waits for every answer, for statements whose length nobody knows; only at start,
     * while nobody waits for the gateway.
     */
    Connection patient() throws SQLException {
        return connect(address, 0);
    }

    private static Connection connect(DatabaseAddress address, int seconds) throws SQLException {
        return connect(address, seconds, seconds);
    }

    /**
     * Zero seconds are no limit.
     *
     * @param connectSeconds for the connection, and for each answer of the login
     * @param answerSeconds for each answer after that
     */
    static Connection connect(DatabaseAddress address, int connectSeconds, int answerSeconds)
            throws SQLException {
        var login = new Properties();
        login.setProperty("user", address.user());
        login.setProperty("password", address.password());
        login.setProperty("connectTimeout", Integer.toString(connectSeconds));
        login.setProperty("socketTimeout", Integer.toString(connectSeconds));
        return waiting(DriverManager.getConnection(address.url(), login), answerSeconds);
    }

    private static Connection waiting(Connection connection, int seconds) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, seconds * 1_000);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Statements of an operation; on a virtual thread there is no other way to them. */
    JdbcClient jdbc() {
        Operation.require();
        return jdbc;
    }

    /** Transactions with settings of their own. */
    TransactionTemplate newTransactions() {
        return new TransactionTemplate(manager);
    }

    TransactionTemplate transactions() {
        return transactions;
    }

    /**
     * Runs a query as an operation; a database that does not answer is a failure that callers know.
     */
    static <T> T read(Supplier<T> query) {
        try {
            return Operation.run(query);
        } catch (DataAccessException | TransactionException e) {
            throw new StoreUnavailable(e);
        }
    }

    /** Nobody waits any more for a database that is away. */
    void awaitNoMore() {
        source.close();
    }

    @Override
    public void close() {
        awaitNoMore();
        pool.close();
    }
}
