package io.sallyport.gate;

import io.sallyport.audit.RecordId;
import io.sallyport.error.Reason;
import io.sallyport.gate.Admission.Verdict;
import io.sallyport.gate.ApprovalStep.ApprovalResult;
import io.sallyport.gate.Circuits.Entry;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.gate.SubscriptionResult.NotWatching;
import io.sallyport.policy.Approval;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.StoreFailure;
import io.sallyport.recording.TrailEntry;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The gate: ten steps in the order of docs/concepts/the-gate.md, and the rule that a call whose
 * intent is not on disk does not run.
 */
final class GovernedGate implements Gate {
    /** How often a decision may be overtaken by changes before the caller is told to come back. */
    private static final int ATTEMPTS = 5;

    private final Governance governance;
    private final Admission admission;
    private final Circuits circuits;
    private final ApprovalStep approval;
    private final Approvals approvals;
    private final AuditTrail trail;
    private final CallRecords records;
    private final UpstreamRoundTrip upstream;

    GovernedGate(GateParts parts) {
        governance = parts.governance();
        circuits = parts.circuits();
        admission =
                new Admission(
                        new FreshPin(parts.freshness(), circuits),
                        parts.clock(),
                        parts.validators());
        approvals = parts.approvals();
        trail = parts.trail();
        records = parts.records();
        approval = new ApprovalStep(approvals, parts.digests(), records, parts.clock());
        upstream =
                new UpstreamRoundTrip(
                        parts.servers(), parts.underWay(), parts.validators(), trail, records);
    }

    @Override
    public CallResult call(UpstreamCall call, CallContext context) throws InterruptedException {
        return pass(call, context, new Way<>(it -> it, upstream::run));
    }

    @Override
    public SubscriptionResult subscribe(ResourceSubscription call, CallContext context)
            throws InterruptedException {
        return pass(call, context, new Way<>(NotWatching::new, upstream::subscribe));
    }

    /** What steps 8 to 10 are, and what it is to whoever asked if they are not reached. */
    private record Way<R>(Function<CallResult, R> refusal, LastSteps<R> lastSteps) {
        Optional<R> ended(CallResult result) {
            return Optional.of(refusal.apply(result));
        }
    }

    private interface LastSteps<R> {
        R run(AdmittedCall call, RecordId intent, Permit permit);
    }

    /** A store that fails refuses the call, whatever was asked of it. */
    private <R> R pass(UpstreamCall call, CallContext context, Way<R> way)
            throws InterruptedException {
        try {
            return decided(call, context, way);
        } catch (StoreFailure _) {
            return way.refusal().apply(unrecorded());
        }
    }

    private <R> R decided(UpstreamCall call, CallContext context, Way<R> way)
            throws InterruptedException {
        var view = governance.view(context.principal().tenant());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var end = attempt(view, call, context, way);
            if (end.isPresent()) {
                return end.get();
            }
            view = governance.refreshed(view);
        }
        return way.refusal()
                .apply(
                        unrecorded(
                                Reason.POLICY_UNAVAILABLE, "The rules keep changing; try again."));
    }

    @Override
    public void abandon(CallOutcome.InputRequired asked, CallContext context) {
        governance
                .view(context.principal().tenant())
                .server(asked.tool().server())
                .ifPresent(it -> upstream.abandon(it, asked.continuation()));
    }

    /** One pass through the steps; empty if the decision was overtaken and nothing was written. */
    private <R> Optional<R> attempt(
            TenantView view, UpstreamCall call, CallContext context, Way<R> way)
            throws InterruptedException {
        // 1 resolve, 2 pin, 3 arguments, 4 decide
        return switch (admission.judge(view, call, context)) {
            case Verdict.Refused(var denial) -> way.ended(refuse(call, denial, view, context));
            case Verdict.Admitted(var admitted) -> attempt(admitted, way);
        };
    }

    private <R> Optional<R> attempt(AdmittedCall call, Way<R> way) throws InterruptedException {
        // 5 limits
        if (!(circuits.of(call.server()).enter() instanceof Entry.Entered(var permit))) {
            return way.ended(refuse(call, Reason.RATE_LIMITED, Circuits.BUSY));
        }
        try {
            // 6 approval
            List<Approval> granted;
            switch (approval.check(call)) {
                case ApprovalResult.Approved(var all) -> granted = all;
                case ApprovalResult.Refused(var reason, var sentence, var left) -> {
                    return way.ended(told(Denial.of(reason, sentence, call), call, left));
                }
                case ApprovalResult.Waiting waiting -> {
                    return way.ended(waits(call, waiting));
                }
                case ApprovalResult.OutOfTime() -> {
                    return way.ended(unrecorded());
                }
            }
            var intent = records.intent(call, granted);
            requireClient(call);
            if (!permit.begin()) {
                return way.ended(refuse(call, Reason.CIRCUIT_OPEN, Circuits.OPEN));
            }
            // 7 intent
            return switch (write(intent, granted)) {
                // 8 call, 9 result, 10 outcome
                case Appended.Written(var id) -> Optional.of(way.lastSteps().run(call, id, permit));
                case Appended.Stale() -> Optional.empty();
                case Appended.Duplicate() -> way.ended(repeated());
                case Appended.Unavailable() -> way.ended(unrecorded());
            };
        } finally {
            permit.leaveUnused();
        }
    }

    /** The request for approval is on record; so is every further attempt while it is open. */
    private CallResult waits(AdmittedCall call, ApprovalResult.Waiting waiting)
            throws InterruptedException {
        var record = waiting.opened();
        if (record.isEmpty()) {
            var denial = Denial.of(Reason.APPROVAL_REQUIRED, "", call);
            record = written(trail.append(record(denial, call), waiting.left()));
        }
        return onRecord(new CallOutcome.ApprovalPending(waiting.pending()), record);
    }

    /**
     * Asked last before the intent: for a client that has left, or took the call back, nothing new
     * is begun. The interrupt is that of a face whose client's leaving ends the call.
     */
    private static void requireClient(AdmittedCall call) throws InterruptedException {
        if (Thread.interrupted() || call.context().client().gone().getAsBoolean()) {
            throw new InterruptedException("the client has left");
        }
    }

    private Appended write(TrailEntry.Intent intent, List<Approval> approved)
            throws InterruptedException {
        return approved.isEmpty() ? trail.append(intent) : approvals.consume(approved, intent);
    }

    private CallResult refuse(AdmittedCall call, Reason reason, String sentence)
            throws InterruptedException {
        return told(Denial.of(reason, sentence, call), call, AuditTrail.PATIENCE);
    }

    private CallResult told(Denial denial, AdmittedCall call, Duration left)
            throws InterruptedException {
        return told(denial, record(denial, call), left);
    }

    private TrailEntry record(Denial denial, AdmittedCall call) {
        return records.denied(call.call(), denial, call.view(), call.context());
    }

    private CallResult refuse(
            UpstreamCall call, Denial denial, TenantView view, CallContext context)
            throws InterruptedException {
        return told(denial, records.denied(call, denial, view, context), AuditTrail.PATIENCE);
    }

    /** A refusal is recorded before it is told. */
    private CallResult told(Denial denial, TrailEntry record, Duration left)
            throws InterruptedException {
        var refusal = new CallOutcome.Refused(denial.shown(), denial.sentence(), denial.details());
        return onRecord(refusal, written(trail.append(record, left)));
    }

    private static CallResult onRecord(CallOutcome outcome, Optional<RecordId> record) {
        return record.map(it -> new CallResult(outcome, Optional.of(it.toString())))
                .orElseGet(GovernedGate::unrecorded);
    }

    private static Optional<RecordId> written(Appended appended) {
        return appended instanceof Appended.Written(var id) ? Optional.of(id) : Optional.empty();
    }

    private static CallResult unrecorded() {
        return unrecorded(
                Reason.AUDIT_UNAVAILABLE, "The call cannot be recorded now, so it does not run.");
    }

    private static CallResult repeated() {
        return unrecorded(Reason.REPEATED_ATTEMPT, "This very attempt was made before.");
    }

    private static CallResult unrecorded(Reason reason, String sentence) {
        return CallResult.unrecorded(new CallOutcome.Refused(reason, sentence));
    }
}
