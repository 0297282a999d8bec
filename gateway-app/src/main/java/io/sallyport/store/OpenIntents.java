package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.Result;
import io.sallyport.audit.AuditRecord.Status;
import io.sallyport.audit.AuditRecord.Turn;
import io.sallyport.audit.AuditRecord.What;
import io.sallyport.audit.RecordId;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.TrailEntry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Closes the intents and the chat runs that a dead process left open. Whether those tools ran is
 * not known, nor what was answered, so their ends say {@code indeterminate}; nothing is ever run
 * again by itself.
 */
final class OpenIntents {
    private static final long ABSENT = AuditRecord.ABSENT;
    private static final byte[] NOTHING = new byte[0];

    private final Database database;
    private final AuditTrail trail;
    private final LiveIntents live;
    private final String[] own;
    private final Clock clock;

    private record Epoch(String writer, long epoch) {}

    private record OpenIntent(String log, RecordId id, String key) {}

    /**
     * @param own the writers of this process; only it knows which of their intents are live
     */
    OpenIntents(StoreParts parts, AuditTrail trail, LiveIntents live, List<String> own) {
        this.live = live;
        this.own = own.toArray(String[]::new);
        database = parts.database();
        this.trail = trail;
        clock = parts.clock();
    }

    /**
     * The end of what was written after its caller had been told that it was not: a call was not
     * sent, but a model may have been asked already.
     */
    static TrailEntry.Outcome late(AuditRecord intent, RecordId id) {
        var isRun = intent.kind() == Kind.CHAT_REQUEST;
        var status = isRun ? Status.INDETERMINATE : Status.NOT_SENT;
        var record =
                new AuditRecord(
                        isRun ? Kind.CHAT_RESPONSE : Kind.CALL_OUTCOME,
                        intent.log(),
                        intent.micros(),
                        intent.who(),
                        intent.what(),
                        AuditRecord.Decision.NONE,
                        Result.of(id, status, ABSENT),
                        intent.trace(),
                        AuditRecord.Sealed.NONE,
                        AuditRecord.Change.NONE);
        return new TrailEntry.Outcome(record, id, NOTHING);
    }

    /** Closes what expired epochs left open; an epoch whose lease still runs is left alone. */
    void recover() {
        fence();
        for (var epoch : abandoned()) {
            var open = openIn(epoch);
            var dead = open.stream().filter(it -> !live.isLive(it.log(), it.id())).toList();
            var closed = dead.stream().map(this::close).toList();
            var all = CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new));
            all.join();
            if (dead.size() == open.size() && closed.stream().allMatch(OpenIntents::isSettled)) {
                markRecovered(epoch);
            }
        }
    }

    private static boolean isSettled(CompletableFuture<AuditTrail.Appended> appended) {
        return switch (appended.join()) {
            case AuditTrail.Appended.Written _, AuditTrail.Appended.Duplicate _ -> true;
            case AuditTrail.Appended.Stale _, AuditTrail.Appended.Unavailable _ -> false;
        };
    }

    /**
     * Moves expired writers of others to another epoch first, so that a process that wakes up
     * cannot write.
     */
    private void fence() {
        database.jdbc()
                .sql(
                        """
                        update audit_writer w set epoch = w.epoch + 1
                        where w.expires < clock_timestamp() and w.writer <> all (?) and exists (
                            select 1 from audit_epoch e where e.writer = w.writer
                                and e.epoch = w.epoch and not e.recovered)
                        """)
                .param(own)
                .update();
    }

    /**
     * The epochs that ended: all of ours but the current ones, and those of writers whose lease has
     * expired. Another process that merely began a new epoch still works off the one before.
     */
    private List<Epoch> abandoned() {
        return database.jdbc()
                .sql(
                        """
                        select e.writer, e.epoch from audit_epoch e
                        join audit_writer w on w.writer = e.writer
                        where not e.recovered and w.epoch > e.epoch
                            and (w.expires < clock_timestamp() or w.writer = any (?))
                        """)
                .param(own)
                .query((row, _) -> new Epoch(row.getString("writer"), row.getLong("epoch")))
                .list();
    }

    private List<OpenIntent> openIn(Epoch epoch) {
        return database.jdbc()
                .sql(
                        """
                        select i.log, i.wseq, i.intent_key from audit_lane m
                        join audit_intake i on i.log = m.log and i.writer = m.writer
                            and i.epoch = m.epoch
                        where m.writer = :writer and m.epoch = :epoch and i.intent_key is not null
                            and not exists (select 1 from audit_intake o where o.outcome_of =
                                i.log || '/' || i.writer || ':' || i.epoch || ':' || i.wseq)
                        order by i.log, i.wseq
                        """)
                .param("writer", epoch.writer())
                .param("epoch", epoch.epoch())
                .query((row, _) ->
                        new OpenIntent(
                                row.getString("log"),
                                new RecordId(epoch.writer(), epoch.epoch(), row.getLong("wseq")),
                                row.getString("intent_key")))
                .list();
    }

    private CompletableFuture<AuditTrail.Appended> close(OpenIntent intent) {
        var run = EntryColumns.run(intent.key());
        var end =
                run.isEmpty()
                        ? AuditRecord.of(Kind.CALL_OUTCOME, intent.log(), clock.instant())
                        : AuditRecord.of(Kind.CHAT_RESPONSE, intent.log(), clock.instant())
                                .with(What.op("chat/completions").with(new Turn(run, ABSENT, "")));
        var record = end.with(Result.of(intent.id(), Status.INDETERMINATE, ABSENT));
        return trail.submit(new TrailEntry.Outcome(record, intent.id(), NOTHING));
    }

    private void markRecovered(Epoch epoch) {
        database.jdbc()
                .sql("update audit_epoch set recovered = true where writer = ? and epoch = ?")
                .params(epoch.writer(), epoch.epoch())
                .update();
    }
}
