import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;

/**
 * Writes every table of a database as COPY writes it, each after a line with its name and columns
 * and before a line {@code \.}. Run by keep.sh with the driver of a build on the class path.
 *
 * <p>Arguments: URL, user, password, file.
 */
final class Dump {
    private static final String TABLES =
            """
            select c.oid::regclass::text || ' (' || string_agg(quote_ident(a.attname), ', '
                order by a.attnum) || ')'
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind = 'r' and n.nspname in ('public', 'audit_keys')
            group by c.oid order by 1
            """;

    private Dump() {}

    public static void main(String[] args) throws SQLException, IOException {
        try (var connection = DriverManager.getConnection(args[0], args[1], args[2]);
                var out = new GZIPOutputStream(Files.newOutputStream(Path.of(args[3])))) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            for (var table : tables(connection)) {
                dump(connection, table, out);
            }
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var query = connection.createStatement();
                var row = query.executeQuery(TABLES)) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        return tables;
    }

    private static void dump(Connection connection, String table, OutputStream out)
            throws SQLException, IOException {
        out.write((table + "\n").getBytes(StandardCharsets.UTF_8));
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy " + table + " to stdout", out);
        out.write("\\.\n".getBytes(StandardCharsets.UTF_8));
    }
}
