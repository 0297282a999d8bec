package io.sallyport.architecture.planted.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Planted: this is allowed. */
final class MayReadSql {
    private MayReadSql() {}

    static String schema(Connection connection) throws SQLException {
        return connection.getSchema();
    }
}
