package io.sallyport.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Supplier;
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

    /**
     * What a call may wait for: a connection that must be checked first, or an answer on one that
     * was used just now; never both.
     */
    private static final Waits OF_CALLS = new Waits("store", 8, 1_500, 500, 2);

    /** Work that nobody waits for, and reading long logs. */
    private static final Waits OF_BACKGROUND = new Waits("background", 4, 2_000, 1_000, 10);

    private record Waits(
            String pool, int size, int connectMillis, int checkMillis, int answerSeconds) {}

    private final DatabaseAddress address;
    private final HikariDataSource pool;
    private final JdbcClient jdbc;
    private final DataSourceTransactionManager manager;
    private final TransactionTemplate transactions;

    private Database(DatabaseAddress address, HikariDataSource pool) {
        this.address = address;
        this.pool = pool;
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
        return new Database(address, new HikariDataSource(poolConfig(address, OF_CALLS)));
    }

    /**
     * The same database for work that no call waits for, with connections of its own: a statement
     * may take longer than a call would wait, and takes no connection from one.
     */
    Database background() {
        return new Database(address, new HikariDataSource(poolConfig(address, OF_BACKGROUND)));
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
                    "the database cannot be reached or refuses the login (SQL state "
                            + e.getSQLState()
                            + "); check --database-url, --database-user and"
                            + " SALLYPORT_DATABASE_PASSWORD",
                    e);
        }
    }

    private static HikariConfig poolConfig(DatabaseAddress address, Waits waits) {
        var config = new HikariConfig();
        config.setPoolName(waits.pool());
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(waits.size());
        config.setMinimumIdle(2);
        config.setConnectionTimeout(waits.connectMillis());
        config.setValidationTimeout(waits.checkMillis());
        config.addDataSourceProperty("socketTimeout", Integer.toString(waits.answerSeconds()));
        config.addDataSourceProperty("connectTimeout", "2");
        return config;
    }

    /** A connection of its own, outside the pool, in auto-commit mode. */
    Connection dedicated() throws SQLException {
        return connect(address, TIMEOUT_MILLIS / 1_000);
    }

    private static Connection connect(DatabaseAddress address, int seconds) throws SQLException {
        var login = new Properties();
        login.setProperty("user", address.user());
        login.setProperty("password", address.password());
        login.setProperty("connectTimeout", Integer.toString(seconds));
        login.setProperty("socketTimeout", Integer.toString(seconds));
        return DriverManager.getConnection(address.url(), login);
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

    /** True if the database answers now. */
    boolean answers() {
        try {
            return read(() -> jdbc().sql("select 1").query(Integer.class).single()) == 1;
        } catch (StoreUnavailable _) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
