package io.sallyport.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the seal key is the one of this installation: it opens something that was sealed before.
 * What somebody changed in the database is no reason to refuse it, as long as anything opens.
 */
final class SealCheck {
    private static final String CONTEXT = "seal-check";

    private final Database database;
    private final Sealer sealer;

    private SealCheck(Database database, Sealer sealer) {
        this.database = database;
        this.sealer = sealer;
    }

    private record Sealed(byte[] value, String context) {}

    /**
     * Leaves something for the next start, the first time.
     *
     * @throws StartFailure if what is there was sealed under another key
     */
    static void run(Database database, Sealer sealer) {
        new SealCheck(database, sealer).run();
    }

    private void run() {
        var known = Stream.concat(own().stream(), subjectKeys().stream()).toList();
        if (!known.isEmpty() && known.stream().noneMatch(this::opens)) {
            throw new StartFailure(
                    "SALLYPORT_SEAL_KEY is not the key that sealed this installation (with --dev:"
                            + " seal.key in the data folder); start with the one that it was made"
                            + " with");
        }
        var sealed = sealer.seal(CONTEXT.getBytes(StandardCharsets.US_ASCII), CONTEXT);
        database.jdbc()
                .sql("insert into seal_check (sealed) values (?) on conflict do nothing")
                .param(sealed)
                .update();
    }

    private boolean opens(Sealed sealed) {
        try {
            sealer.open(sealed.value(), sealed.context());
            return true;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private List<Sealed> own() {
        return database.jdbc()
                .sql("select sealed from seal_check")
                .query((row, _) -> new Sealed(row.getBytes("sealed"), CONTEXT))
                .list();
    }

    /** Older installations have nothing else that is always there. */
    private List<Sealed> subjectKeys() {
        return database.jdbc()
                .sql(
                        """
                        select tenant, pseudonym, month, id, wrapped from audit_keys.subject_key
                        order by month desc limit 5
                        """)
                .query((row, _) ->
                        new Sealed(
                                row.getBytes("wrapped"),
                                PayloadVault.context(
                                        row.getString("tenant"),
                                        row.getString("pseudonym"),
                                        row.getString("month"),
                                        row.getString("id"))))
                .list();
    }
}
