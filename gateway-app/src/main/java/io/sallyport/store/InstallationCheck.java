package io.sallyport.store;

import io.sallyport.policy.ServerSlug;
import io.sallyport.policy.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.RowMapper;

/**
 * Whether the seal key and the mode of a start are those of the installation. The key is the one
 * that opens something that was sealed before: what somebody changed in the database is no reason
 * to refuse it, as long as anything opens.
 */
final class InstallationCheck {
    private static final String CONTEXT = "installation";

    private final Database database;
    private final Sealer sealer;

    private record Sealed(byte[] value, String context) {}

    InstallationCheck(Database database, Sealer sealer) {
        this.database = database;
        this.sealer = sealer;
    }

    /**
     * Leaves something for the next start, the first time.
     *
     * @throws StartFailure if what is there was sealed under another key
     */
    void requireKey() {
        var own = own();
        if (own.stream().anyMatch(this::opens)) {
            return;
        }
        var known = Stream.concat(own.stream(), older()).toList();
        if (!known.isEmpty() && known.stream().noneMatch(this::opens)) {
            throw otherKey();
        }
        leaveOwn();
        if (own.isEmpty() && own().stream().noneMatch(this::opens)) {
            throw otherKey(); // of two that begin at once, the other one has left its own
        }
    }

    private static StartFailure otherKey() {
        return new StartFailure(
                "SALLYPORT_SEAL_KEY is not the key that sealed this installation (with --dev:"
                        + " seal.key in the data folder); start with the one that it was made with");
    }

    /**
     * Keys of dev mode have no place in production, and production is not tried out.
     *
     * @param isKnown whether the folder says of itself that dev mode made it; of an older
     *     installation nothing else does
     * @throws StartFailure if the installation was made in the other mode
     */
    void requireMode(boolean dev, boolean isKnown) {
        var made = mode().orElseGet(() -> dev && (isKnown || !hasKeys()));
        if (made != dev) {
            throw new StartFailure(
                    made
                            ? "this installation was made by --dev; start with --dev, or with"
                                    + " another folder and database"
                            : "this installation was not made by --dev; start without --dev, or"
                                    + " with another folder and database");
        }
        database.jdbc()
                .sql("update installation set dev = ? where dev is null")
                .param(dev)
                .update();
    }

    private Optional<Boolean> mode() {
        return database.jdbc()
                .sql("select dev from installation where dev is not null")
                .query(Boolean.class)
                .optional();
    }

    private boolean hasKeys() {
        return !database.jdbc().sql("select 1 from api_key limit 1").query().listOfRows().isEmpty();
    }

    private boolean opens(Sealed sealed) {
        try {
            sealer.open(sealed.value(), sealed.context());
            return true;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private void leaveOwn() {
        var sealed = sealer.seal(CONTEXT.getBytes(StandardCharsets.US_ASCII), CONTEXT);
        database.jdbc()
                .sql("insert into installation (sealed) values (?) on conflict do nothing")
                .param(sealed)
                .update();
    }

    private List<Sealed> own() {
        return some(
                "select sealed from installation",
                (row, _) -> new Sealed(row.getBytes("sealed"), CONTEXT));
    }

    /** What an installation may have that is older than this check. */
    private Stream<Sealed> older() {
        return Stream.of(subjectKeys(), credentials(), models(), approvals()).flatMap(List::stream);
    }

    private List<Sealed> subjectKeys() {
        return some(
                "select tenant, pseudonym, month, id, wrapped from audit_keys.subject_key limit 5",
                (row, _) ->
                        new Sealed(
                                row.getBytes("wrapped"),
                                PayloadVault.context(
                                        row.getString("tenant"),
                                        row.getString("pseudonym"),
                                        row.getString("month"),
                                        row.getString("id"))));
    }

    private List<Sealed> credentials() {
        return some(
                "select tenant, slug, credential from server where credential is not null limit 5",
                (row, _) ->
                        new Sealed(
                                row.getBytes("credential"),
                                ServerRows.context(
                                        new TenantId(row.getString("tenant")),
                                        new ServerSlug(row.getString("slug")))));
    }

    private List<Sealed> models() {
        return some(
                "select tenant, alias, secrets from model where secrets is not null limit 5",
                (row, _) ->
                        new Sealed(
                                row.getBytes("secrets"),
                                ModelRows.context(
                                        new TenantId(row.getString("tenant")),
                                        row.getString("alias"))));
    }

    private List<Sealed> approvals() {
        return some(
                "select id, arguments from approval limit 5",
                (row, _) ->
                        new Sealed(
                                row.getBytes("arguments"),
                                ApprovalRows.context(row.getString("id"))));
    }

    private List<Sealed> some(String sql, RowMapper<Sealed> mapper) {
        return database.jdbc().sql(sql).query(mapper).list();
    }
}
