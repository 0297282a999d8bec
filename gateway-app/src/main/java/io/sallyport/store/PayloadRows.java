package io.sallyport.store;

import io.sallyport.admin.PayloadReader;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.RecordId;
import io.sallyport.audit.SealedPayload;
import io.sallyport.audit.SubjectKeys.Scope;
import io.sallyport.audit.Unsealing;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Optional;

/** Reads sealed payloads, for auditors. */
final class PayloadRows implements PayloadReader {
    private final Database database;
    private final PayloadVault vault;
    private final AuditRows audit;

    PayloadRows(Database database, PayloadVault vault, AuditRows audit) {
        this.database = database;
        this.vault = vault;
        this.audit = audit;
    }

    @Override
    public Revealed reveal(TenantId tenant, String record, String reason, Caller by) {
        audit.note(tenant, by, Change.of(record, "", "payload").reason(reason));
        return RecordId.parse(record)
                .flatMap(it -> Database.read(() -> stored(tenant, it)))
                .map(this::revealed)
                .orElseGet(Revealed.Nothing::new);
    }

    private Optional<Optional<SealedPayload>> stored(TenantId tenant, RecordId id) {
        return database.jdbc()
                .sql(
                        """
                        select i.leaf, p.sealed
                        from audit_intake i join audit_payload p on p.log = i.log
                            and p.writer = i.writer and p.epoch = i.epoch and p.wseq = i.wseq
                        where i.log = ? and i.writer = ? and i.epoch = ? and i.wseq = ?
                        """)
                .params(tenant.value(), id.writer(), id.epoch(), id.sequence())
                .query((row, _) -> payload(tenant, row))
                .optional();
    }

    /** Empty if the record does not say how it was sealed. */
    private static Optional<SealedPayload> payload(TenantId tenant, ResultSet row)
            throws SQLException {
        try {
            var said = StrictJson.read(row.getBytes("leaf")).path("sealed");
            var month = YearMonth.parse(said.path("month").asString(""));
            return Optional.of(
                    new SealedPayload(
                            said.path("id").asString(""),
                            new Scope(tenant.value(), said.path("subject").asString(""), month),
                            said.path("key").asString(""),
                            row.getBytes("sealed")));
        } catch (MalformedJson | DateTimeException _) {
            return Optional.empty();
        }
    }

    private Revealed revealed(Optional<SealedPayload> payload) {
        return payload.map(vault::open).map(PayloadRows::told).orElseGet(Revealed.Damaged::new);
    }

    private static Revealed told(Unsealing unsealing) {
        return switch (unsealing) {
            case Unsealing.Opened(var payload) when payload.text().length == 0 ->
                    new Revealed.Nothing();
            case Unsealing.Opened(var payload) ->
                    new Revealed.Params(new String(payload.text(), StandardCharsets.UTF_8));
            case Unsealing.Erased _ -> new Revealed.Erased();
            case Unsealing.Damaged _ -> new Revealed.Damaged();
        };
    }
}
