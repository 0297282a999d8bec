package io.sallyport.store;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.AuditRecord.ApprovalUse;
import io.sallyport.audit.AuditRecord.Kind;
import io.sallyport.audit.AuditRecord.What;
import io.sallyport.audit.ToolReview;
import io.sallyport.gate.ApprovalDesk;
import io.sallyport.gate.Approvals;
import io.sallyport.identity.Caller;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.ApprovalTransition;
import io.sallyport.policy.ApprovalVerdict;
import io.sallyport.policy.Person;
import io.sallyport.policy.TenantId;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.AuditedCall;
import io.sallyport.recording.TrailEntry;
import io.sallyport.store.RecordedChanges.Change.Nothing;
import io.sallyport.store.RecordedChanges.Change.Recorded;
import io.sallyport.tenant.Stoppable;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;

/** Approvals on disk. A state changes only under the row's lock and together with its record. */
final class ApprovalRows implements Approvals, ApprovalDesk {
    private final RecordedChanges changes;
    private final Database database;
    private final Sealer sealer;
    private final AdminRecords records;
    private final Clock clock;
    private final ApprovalQuota quota;

    ApprovalRows(RecordedChanges changes, StoreParts parts) {
        this.changes = changes;
        database = parts.database();
        sealer = parts.sealer();
        records = parts.records();
        clock = parts.clock();
        quota = new ApprovalQuota(database);
    }

    @Override
    public Optional<Approval> find(ApprovalBinding binding) {
        return Database.read(() -> newest(binding))
                .map(it -> it.at(clock.instant()))
                .filter(it -> it.state().isOpen() || it.refuses(clock.instant()));
    }

    private Optional<Approval> newest(ApprovalBinding binding) {
        return database.jdbc()
                .sql(
                        "select document from approval where tenant = ? and binding = ?"
                                + " order by created desc limit 1")
                .params(binding.tenant().value(), binding.digest())
                .query(String.class)
                .optional()
                .map(it -> Documents.read(it, Approval.class));
    }

    @Override
    public Opened open(Approval approval, byte[] arguments, AuditedCall call, long sequence) {
        var tooLong = ApprovalQuota.refuses(arguments);
        if (tooLong.isPresent()) {
            return tooLong.get();
        }
        try {
            var opened =
                    changes.run(
                            approval.binding().tenant(),
                            () ->
                                    isOvertaken(approval.binding().tenant().value(), sequence)
                                            ? new Nothing<>(new Opened.Stale())
                                            : insertUnlessOpen(approval, arguments, call));
            return switch (opened.value()) {
                case Opened.Refused refused -> refused;
                case Opened.Stale stale -> stale;
                case Opened.Waiting(var waiting, _) ->
                        new Opened.Waiting(waiting, opened.records().stream().findFirst());
            };
        } catch (DuplicateKeyException _) {
            return waiting(find(approval.binding()).orElse(approval));
        }
    }

    private static Opened waiting(Approval approval) {
        return new Opened.Waiting(approval, Optional.empty());
    }

    private RecordedChanges.Change<Opened> insertUnlessOpen(
            Approval approval, byte[] arguments, AuditedCall call) {
        var existing = newest(approval.binding());
        var now = existing.map(it -> it.at(clock.instant()));
        if (now.isPresent() && now.get().state().isOpen()) {
            return new Nothing<>(waiting(now.get()));
        }
        var refused = quota.refuses(approval, clock.instant());
        if (refused.isPresent()) {
            return new Nothing<>(refused.get());
        }
        var entries = new ArrayList<TrailEntry>();
        if (existing.isPresent() && existing.get().state().isOpen()) {
            update(now.orElseThrow());
            entries.add(expired(now.orElseThrow()));
        }
        insert(approval, arguments);
        entries.addFirst(new TrailEntry.Fact(call.requested().apply(approval.id())));
        return new Recorded<>(waiting(approval), entries);
    }

    private TrailEntry expired(Approval approval) {
        return records.byGateway(
                approval.binding().tenant(),
                Kind.APPROVAL_EXPIRED,
                AuditRecord.Change.of(approval.id(), "", approval.state().code()));
    }

    private void insert(Approval approval, byte[] arguments) {
        database.jdbc()
                .sql(
                        """
                        insert into approval
                            (id, tenant, binding, document, arguments, state, created, expires,
                             requester, server, tool)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, audit_term(?))
                        """)
                .params(
                        approval.id(),
                        approval.binding().tenant().value(),
                        approval.binding().digest(),
                        Documents.write(approval),
                        sealer.seal(arguments, context(approval.id())),
                        approval.state().code(),
                        Timestamp.from(approval.created()),
                        Timestamp.from(approval.expires()),
                        Person.of(approval.binding().requester()).name(),
                        approval.binding().tool().server().value(),
                        approval.binding().tool().tool())
                .update();
    }

    private void update(Approval approval) {
        database.jdbc()
                .sql("update approval set document = ?, state = ? where tenant = ? and id = ?")
                .params(
                        Documents.write(approval),
                        approval.state().code(),
                        approval.binding().tenant().value(),
                        approval.id())
                .update();
    }

    @Override
    public Appended consume(List<Approval> approvals, TrailEntry.Intent intent) {
        try {
            var done =
                    changes.run(
                            new TenantId(intent.record().log()),
                            () -> consumeAll(approvals, intent));
            return done.value()
                    ? new Appended.Written(done.records().getFirst())
                    : new Appended.Stale();
        } catch (DuplicateKeyException _) {
            return new Appended.Duplicate();
        } catch (StoreUnavailable _) {
            return new Appended.Unavailable();
        }
    }

    private RecordedChanges.Change<Boolean> consumeAll(
            List<Approval> approvals, TrailEntry.Intent intent) {
        if (isOvertaken(intent.record().log(), intent.sequence())) {
            return new Nothing<>(false);
        }
        var entries = new ArrayList<TrailEntry>(List.of(intent));
        for (var approval : approvals) {
            var consumed =
                    locked(approval.binding().tenant(), approval.id())
                            .flatMap(it -> it.consume(clock.instant()));
            if (consumed.isEmpty()) {
                return new Nothing<>(false);
            }
            update(consumed.get());
            entries.add(consumed(consumed.get(), intent));
        }
        return new Recorded<>(true, entries);
    }

    /**
     * Whether what governs the tenant is not any more what was decided by; from here on it stays.
     */
    private boolean isOvertaken(String tenant, long sequence) {
        database.jdbc().sql("set local lock_timeout = '200ms'").update();
        return sequence(tenant) != sequence;
    }

    private long sequence(String tenant) {
        return database.jdbc()
                .sql("select sequence from governance where tenant = ? for share")
                .param(tenant)
                .query(Long.class)
                .optional()
                .orElse(-1L);
    }

    private TrailEntry consumed(Approval approval, TrailEntry.Intent intent) {
        return new TrailEntry.Fact(
                AuditRecord.of(
                                Kind.APPROVAL_CONSUMED,
                                approval.binding().tenant().value(),
                                clock.instant())
                        .with(intent.record().who())
                        .with(tool(approval))
                        .with(
                                AuditRecord.Decision.NONE.with(
                                        List.of(new ApprovalUse(approval.id(), List.of())))));
    }

    private static What tool(Approval approval) {
        var binding = approval.binding();
        return What.op(binding.method())
                .with(
                        new AuditRecord.Tool(
                                binding.tool().server().value(),
                                binding.tool().tool(),
                                binding.descriptorDigest(),
                                approval.risk().code(),
                                List.of(),
                                ToolReview.NONE));
    }

    private Optional<Approval> locked(TenantId tenant, String id) {
        return database.jdbc()
                .sql("select document from approval where tenant = ? and id = ? for update")
                .params(tenant.value(), id)
                .query(String.class)
                .optional()
                .map(it -> Documents.read(it, Approval.class));
    }

    @Override
    public Page list(TenantId tenant, Query query) {
        return Database.read(() -> ApprovalSearch.page(database, tenant, query, clock.instant()));
    }

    private Case read(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Case(
                Documents.read(row.getString("document"), Approval.class).at(clock.instant()),
                sealer.open(row.getBytes("arguments"), context(row.getString("id"))));
    }

    /** What the arguments of a call are sealed in. */
    static String context(String id) {
        return "approval/" + id;
    }

    @Override
    public Optional<Case> find(TenantId tenant, String id) {
        return Database.read(() ->
                database.jdbc()
                        .sql(
                                "select id, document, arguments from approval"
                                        + " where tenant = ? and id = ?")
                        .params(tenant.value(), id)
                        .query((row, _) -> read(row))
                        .optional());
    }

    @Override
    public Optional<ApprovalTransition> decide(
            TenantId tenant, String id, ApprovalVerdict verdict, String reason, Caller by) {
        return changes.run(
                        tenant,
                        () -> {
                            var found = locked(tenant, id);
                            return found.isEmpty()
                                    ? new Nothing<>(Optional.<ApprovalTransition>empty())
                                    : decided(found.get(), verdict, reason, by);
                        })
                .value();
    }

    private RecordedChanges.Change<Optional<ApprovalTransition>> decided(
            Approval approval, ApprovalVerdict verdict, String reason, Caller by) {
        if (verdict != ApprovalVerdict.CANCEL && holdsAKeyOf(approval, by)) {
            return new Nothing<>(Optional.of(new ApprovalTransition.SelfApproval()));
        }
        var transition = approval.decide(verdict, by.principal(), reason, clock.instant());
        if (transition instanceof ApprovalTransition.Moved(var moved)) {
            update(moved);
            return new Recorded<>(
                    Optional.of(transition), List.of(decision(moved, verdict, by, reason)));
        }
        return new Nothing<>(Optional.of(transition));
    }

    /** Approvals that one transaction takes back: its locks are held for a moment only. */
    private static final int WITHDRAWN_AT_ONCE = 100;

    /** Cancels every open approval of what was stopped. */
    void withdraw(TenantId tenant, Stoppable what, Caller by) {
        int withdrawn;
        do {
            withdrawn = changes.run(tenant, () -> withdrawSome(tenant, what, by)).value();
        } while (withdrawn == WITHDRAWN_AT_ONCE);
    }

    private RecordedChanges.Change<Integer> withdrawSome(
            TenantId tenant, Stoppable what, Caller by) {
        var entries = withdrawn(tenant, what, by, WITHDRAWN_AT_ONCE);
        return entries.isEmpty() ? new Nothing<>(0) : new Recorded<>(entries.size(), entries);
    }

    /**
     * Cancels open approvals in the transaction of whoever calls this.
     *
     * @param most how many at once
     * @return the records of that
     */
    List<TrailEntry> withdrawn(TenantId tenant, Stoppable what, Caller by, int most) {
        var entries = new ArrayList<TrailEntry>();
        for (var approval : ApprovalSearch.open(database, tenant, what, most)) {
            var cancelled = approval.withdrawn();
            update(cancelled);
            entries.add(decision(cancelled, ApprovalVerdict.CANCEL, by, ""));
        }
        return entries;
    }

    /**
     * Whoever made a key was shown its text, and so may be the one who asked with it, whatever
     * owner it names. Platform admins are trusted with every key.
     */
    private boolean holdsAKeyOf(Approval approval, Caller by) {
        return database.jdbc()
                .sql(
                        "select exists (select 1 from api_key"
                                + " where tenant = ? and person = ? and issuer = ?)")
                .params(
                        approval.binding().tenant().value(),
                        Person.of(approval.binding().requester()).name(),
                        Person.of(by.principal().subject()).name())
                .query(Boolean.class)
                .single();
    }

    /** The reason is the approver's sentence; the log cuts what is longer than its texts. */
    private TrailEntry decision(
            Approval approval, ApprovalVerdict verdict, Caller by, String reason) {
        var tenant = approval.binding().tenant();
        var who = records.who(by, tenant);
        var effect = verdict.name().toLowerCase(java.util.Locale.ROOT);
        return new TrailEntry.Fact(
                AuditRecord.of(Kind.APPROVAL_DECIDED, tenant.value(), clock.instant())
                        .with(who)
                        .with(tool(approval))
                        .with(
                                new AuditRecord.Decision(
                                        effect,
                                        "",
                                        "",
                                        "",
                                        AuditRecord.ABSENT,
                                        List.of(
                                                new ApprovalUse(
                                                        approval.id(), List.of(who.subject())))))
                        .with(AuditRecord.Change.NONE.reason(reason))
                        .with(new AuditRecord.Trace("", "", by.requestId())));
    }
}
