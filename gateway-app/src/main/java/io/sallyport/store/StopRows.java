package io.sallyport.store;

import io.sallyport.admin.StopSwitch;
import io.sallyport.audit.AuditRecord.Change;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.identity.Caller;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.Payloads;
import io.sallyport.store.Governed.Part;
import io.sallyport.store.RecordedChanges.Change.Governing;
import io.sallyport.store.RecordedChanges.Change.Nothing;
import io.sallyport.tenant.Stoppable;
import io.sallyport.tenant.Stops;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;

/** Stops on disk. They outlive a restart, and no change of the thing itself undoes one. */
final class StopRows implements StopSwitch {
    private final RecordedChanges changes;
    private final ApprovalRows approvals;
    private final AdminRecords records;
    private final Payloads payloads;
    private final TenantViews views;
    private final Clock clock;

    StopRows(RecordedChanges changes, ApprovalRows approvals, Payloads payloads, StoreParts parts) {
        this.changes = changes;
        this.approvals = approvals;
        this.payloads = payloads;
        records = parts.records();
        views = parts.views();
        clock = parts.clock();
    }

    static Stops read(Database database, TenantId tenant) {
        var all = new HashMap<Stoppable, Stops.Stop>();
        database.jdbc()
                .sql("select kind, name, reason, since from stop where tenant = ?")
                .param(tenant.value())
                .query((row, _) ->
                        all.put(
                                Stoppable.of(row.getString("kind"), row.getString("name")),
                                new Stops.Stop(
                                        row.getString("reason"),
                                        row.getTimestamp("since").toInstant())))
                .list();
        return new Stops(all);
    }

    /** First nothing new begins; then what waits for people ends, a hundred at a time. */
    @Override
    public void stop(TenantId tenant, Stoppable what, String reason, Caller by) {
        change(
                tenant,
                what,
                new Turn("", "stopped", reason, by),
                () -> insert(tenant, what, reason));
        approvals.withdraw(tenant, what, by);
    }

    @Override
    public void start(TenantId tenant, Stoppable what, String reason, Caller by) {
        if (views.view(tenant).stops().of(what).isEmpty()) {
            return;
        }
        approvals.withdraw(tenant, what, by); // what a stop that was cut short left open
        change(tenant, what, new Turn("stopped", "", reason, by), () -> delete(tenant, what));
    }

    private record Turn(String from, String to, String reason, Caller by) {}

    private void change(TenantId tenant, Stoppable what, Turn turn, Supplier<Integer> statement) {
        var change = Change.of(subject(tenant, what), turn.from(), turn.to());
        var told = turn.reason().isEmpty() ? change : change.reason(turn.reason());
        var record = records.by(turn.by(), tenant, Kind.CONFIG_CHANGED, told);
        var governed = Governed.of(tenant, Part.STOPS, "");
        var done =
                changes.run(
                        tenant,
                        () ->
                                statement.get() == 0
                                        ? new Nothing<>(false)
                                        : new Governing<>(true, List.of(record), governed));
        views.show(tenant, done.sequence());
    }

    /** No name of a person is in a record. */
    private String subject(TenantId tenant, Stoppable what) {
        return switch (what) {
            case Stoppable.Tenant _ -> "tenant";
            case Stoppable.Owner(var person) ->
                    "principal:" + payloads.pseudonym(tenant, person.name());
            case Stoppable.Server _, Stoppable.Tool _ -> what.kind() + ":" + what.name();
        };
    }

    private int insert(TenantId tenant, Stoppable what, String reason) {
        return changes.jdbc()
                .sql(
                        """
                        insert into stop (tenant, kind, name, reason, since)
                        values (?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        tenant.value(),
                        what.kind(),
                        what.name(),
                        reason,
                        Timestamp.from(clock.instant()))
                .update();
    }

    private int delete(TenantId tenant, Stoppable what) {
        return changes.jdbc()
                .sql("delete from stop where tenant = ? and kind = ? and name = ?")
                .params(tenant.value(), what.kind(), what.name())
                .update();
    }
}
