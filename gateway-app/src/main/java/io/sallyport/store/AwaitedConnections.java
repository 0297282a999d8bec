package io.sallyport.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Connections to a database that may be away for a while. A pool that is told of each failure
 * pauses for up to five seconds between its attempts, and leaves its callers without a connection
 * long after the database is back; it is told of none here, but waits for the first success.
 */
final class AwaitedConnections extends AbstractDataSource implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;

    /**
     * Nothing answers, the connection broke, the server starts, stops or recovers (PostgreSQL,
     * appendix A); whatever else is said will be said again.
     */
    private static final Set<String> AWAY = Set.of("08001", "08006", "57P03");

    /**
     * For the connection, and for each answer of the login: one thread makes the connections of a
     * pool, and while it waits for a host that is lost, the pool gets none.
     */
    private static final int CONNECT_SECONDS = 2;

    private final DatabaseAddress address;
    private final int answerSeconds;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean awaits;

    /**
     * @param answerSeconds how long a connection waits for an answer, once it is there
     */
    AwaitedConnections(DatabaseAddress address, int answerSeconds) {
        this.address = address;
        this.answerSeconds = answerSeconds;
    }

    /** From now on a database that is away is waited for; before, each failure is told. */
    void await() {
        awaits = true;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(address.user(), address.password());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        var login = new DatabaseAddress(address.url(), user, password);
        while (true) {
            try {
                return unlessClosed(Database.connect(login, CONNECT_SECONDS, answerSeconds));
            } catch (SQLException e) {
                if (!awaits || !isAway(e) || isClosedMeanwhile()) {
                    throw e;
                }
            }
        }
    }

    /** A pool that is closed would keep what comes late for ever. */
    private Connection unlessClosed(Connection connection) throws SQLException {
        if (closed.getCount() > 0) {
            return connection;
        }
        connection.close();
        throw new SQLException("nobody waits for this connection any more");
    }

    private static boolean isAway(SQLException failure) {
        return AWAY.contains(String.valueOf(failure.getSQLState()));
    }

    private boolean isClosedMeanwhile() {
        try {
            return closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** The pool's patience is none of a login's: that ends with an answer that does not come. */
    @Override
    public void setLoginTimeout(int seconds) {}

    /** How long the pool's close waits for an attempt that is under way, in seconds. */
    @Override
    public int getLoginTimeout() {
        return 1;
    }

    /** Whoever waits now hears of the failure that made them wait. */
    @Override
    public void close() {
        closed.countDown();
    }
}
