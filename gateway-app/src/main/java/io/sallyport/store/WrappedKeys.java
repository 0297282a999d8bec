package io.sallyport.store;

import io.sallyport.audit.StoredKeys;
import io.sallyport.audit.SubjectKeys.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/** The keys to a log's payloads as they are stored, opened where the seal key is at hand. */
final class WrappedKeys {
    private final String log;
    private final Optional<Sealer> sealer;
    private final Set<String> ids = new HashSet<>();
    private final Map<String, SecretKey> opened = new HashMap<>();

    WrappedKeys(String log, Optional<Sealer> sealer) {
        this.log = log;
        this.sealer = sealer;
    }

    /** Takes a row: id, pseudonym, month, wrapped key. */
    void add(ResultSet row) throws SQLException {
        var id = row.getString(1);
        ids.add(id);
        if (sealer.isPresent()) {
            try {
                var scope = new Scope(log, row.getString(2), YearMonth.parse(row.getString(3)));
                var key = PayloadVault.opened(sealer.get(), scope, id, row.getBytes(4));
                opened.put(id, key);
            } catch (IllegalStateException | DateTimeException _) {
                // there, and not among those that open
            }
        }
    }

    StoredKeys stored() {
        return new StoredKeys(ids, sealer.map(_ -> opened));
    }
}
