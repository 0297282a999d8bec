package io.sallyport.architecture.planted.gate;

import java.sql.Connection;
import java.sql.SQLException;

/** Planted: this must be reported. */
final class ReadsSql {
    private ReadsSql() {}

    static String schema(Connection connection) throws SQLException {
        return connection.getSchema();
    }
}
