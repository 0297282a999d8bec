package io.sallyport.gate;

import io.sallyport.audit.RecordId;
import io.sallyport.error.Reason;
import io.sallyport.gate.Admission.Verdict;
import io.sallyport.gate.Approvals.Opened;
import io.sallyport.gate.AuditTrail.Appended;
import io.sallyport.gate.CallOutcome.PendingApproval;
import io.sallyport.gate.Circuits.Entry;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.ApprovalVerdict;
import io.sallyport.policy.VisibleText;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The gate. Steps 1 to 4 are {@link Admission}, 8 to 10 {@link UpstreamLeg}; here is their order,
 * and the rule that a call whose intent is not on disk does not run.
 */
final class GovernedGate implements Gate {
    /** How often a decision may be overtaken by changes before the caller is told to come back. */
    private static final int ATTEMPTS = 5;

    /**
     * Approvals bind requester, tool, descriptor and arguments. Until a chat run can be resumed,
     * they do not bind the run: the next attempt of the same call would never find its approval.
     */
    private static final String UNBOUND = "";

    private final Governance governance;
    private final Admission admission;
    private final Circuits circuits;
    private final Approvals approvals;
    private final ArgumentsDigest digests;
    private final AuditTrail trail;
    private final CallRecords records;
    private final UpstreamLeg upstream;
    private final Clock clock;

    GovernedGate(GateParts parts) {
        governance = parts.governance();
        circuits = parts.circuits();
        admission =
                new Admission(
                        new FreshPin(parts.freshness(), circuits),
                        parts.clock(),
                        parts.validators());
        approvals = parts.approvals();
        digests = parts.digests();
        trail = parts.trail();
        records = parts.records();
        upstream =
                new UpstreamLeg(
                        parts.servers(), parts.underWay(), parts.validators(), trail, records);
        clock = parts.clock();
    }

    /** A store that fails refuses the call, whatever was asked of it. */
    @Override
    public CallOutcome call(UpstreamCall call, CallContext context) throws InterruptedException {
        try {
            return decided(call, context);
        } catch (StoreFailure _) {
            return unrecorded(Reason.AUDIT_UNAVAILABLE, AUDIT_SENTENCE);
        }
    }

    private CallOutcome decided(UpstreamCall call, CallContext context)
            throws InterruptedException {
        var view = governance.view(context.principal().tenant());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var outcome = attempt(view, call, context);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            view = governance.refreshed(view);
        }
        return unrecorded(Reason.POLICY_UNAVAILABLE, "The rules keep changing; try again.");
    }

    @Override
    public void abandon(CallOutcome.InputRequired asked, CallContext context) {
        governance
                .view(context.principal().tenant())
                .server(asked.tool().server())
                .ifPresent(it -> upstream.abandon(it, asked.continuation()));
    }

    /** One pass through the steps; empty if the decision was overtaken and nothing was written. */
    private Optional<CallOutcome> attempt(TenantView view, UpstreamCall call, CallContext context)
            throws InterruptedException {
        return switch (admission.judge(view, call, context)) {
            case Verdict.Refused(var denial) -> Optional.of(refuse(call, denial, view, context));
            case Verdict.Admitted(var admitted) -> enter(admitted);
        };
    }

    /** Step 5: what can refuse without an effect comes before anything is consumed. */
    private Optional<CallOutcome> enter(AdmittedCall call) throws InterruptedException {
        return switch (circuits.of(call.server()).enter()) {
            case Entry.Entered(var permit) -> guarded(call, permit);
            case Entry.Busy() -> Optional.of(refuse(call, Reason.RATE_LIMITED, Circuits.BUSY));
        };
    }

    /** The permit comes back whatever happens; a store that fails refuses the call. */
    private Optional<CallOutcome> guarded(AdmittedCall call, Permit permit)
            throws InterruptedException {
        try {
            return approve(call, permit);
        } catch (StoreFailure e) {
            return Optional.of(unrecorded(Reason.AUDIT_UNAVAILABLE, AUDIT_SENTENCE));
        } finally {
            permit.leaveUnused();
        }
    }

    /** Step 6. Looking approvals up and recording what follows have one wait between them. */
    private Optional<CallOutcome> approve(AdmittedCall call, Permit permit)
            throws InterruptedException {
        if (call.requirements().isEmpty()) {
            var intent = records.intent(call, List.of());
            var refusal = lastRefusal(call, permit);
            return refusal.isPresent() ? refusal : commit(call, permit, trail.append(intent));
        }
        var begun = System.nanoTime();
        var found = new ArrayList<Approval>();
        for (var requirement : call.requirements()) {
            approvals.find(binding(call, requirement)).ifPresent(found::add);
        }
        var left = AuditTrail.PATIENCE.minusNanos(System.nanoTime() - begun);
        if (!left.isPositive()) {
            return Optional.of(unrecorded(Reason.AUDIT_UNAVAILABLE, AUDIT_SENTENCE));
        }
        var denied = found.stream().filter(it -> it.state() == ApprovalState.DENIED).findFirst();
        if (denied.isPresent()) {
            return Optional.of(
                    refuse(call, Reason.APPROVAL_DENIED, denialSentence(denied.get()), left));
        }
        if (!isApproved(call, found)) {
            return await(call, left);
        }
        var intent = records.intent(call, found);
        var refusal = lastRefusal(call, permit);
        return refusal.isPresent()
                ? refusal
                : commit(call, permit, approvals.consume(found, intent));
    }

    /** With the approver's own words: a model that knows why asks for something else. */
    private static String denialSentence(Approval denied) {
        return "An approver denied this call."
                + denied.votes().stream()
                        .filter(it -> it.verdict() == ApprovalVerdict.DENY)
                        .map(it -> VisibleText.of(it.reason().strip()))
                        .filter(it -> !it.isEmpty())
                        .findFirst()
                        .map(it -> " The reason: " + it)
                        .orElse("");
    }

    /** What is asked last before the intent; calls that wait for people never get here. */
    private Optional<CallOutcome> lastRefusal(AdmittedCall call, Permit permit)
            throws InterruptedException {
        requireClient(call);
        return permit.begin()
                ? Optional.empty()
                : Optional.of(refuse(call, Reason.CIRCUIT_OPEN, Circuits.OPEN));
    }

    /**
     * Asked last before the intent: for a client that has left, or took the call back, nothing new
     * is begun. The interrupt is that of a face whose client's leaving ends the call.
     */
    private static void requireClient(AdmittedCall call) throws InterruptedException {
        if (Thread.interrupted() || call.context().peer().gone().getAsBoolean()) {
            throw new InterruptedException("the client has left");
        }
    }

    private static boolean isApproved(AdmittedCall call, List<Approval> found) {
        return found.size() == call.requirements().size()
                && found.stream().allMatch(it -> it.state() == ApprovalState.APPROVED);
    }

    private ApprovalBinding binding(AdmittedCall call, ApprovalRequirement requirement) {
        return new ApprovalBinding(
                call.view().tenant(),
                call.context().principal().subject(),
                call.call().method(),
                call.target().ref(),
                call.target().digest(),
                digests.of(call.params()),
                requirement.digest(),
                UNBOUND);
    }

    private Optional<CallOutcome> await(AdmittedCall call, Duration left)
            throws InterruptedException {
        var pending = new ArrayList<PendingApproval>();
        Optional<RecordId> record = Optional.empty();
        for (var requirement : call.requirements()) {
            switch (approvals.open(
                    fresh(call, requirement), call.params(), records.audited(call))) {
                case Opened.Refused(var reason, var sentence) -> {
                    return Optional.of(refuse(call, reason, sentence, left));
                }
                case Opened.Waiting(var approval, var opening) -> {
                    record = record.or(() -> opening);
                    if (approval.state() == ApprovalState.PENDING) {
                        pending.add(describe(approval));
                    }
                }
            }
        }
        return record.isPresent()
                ? waits(call, pending, record.get())
                : waitsStill(call, pending, left);
    }

    private static Optional<CallOutcome> waits(
            AdmittedCall call, List<PendingApproval> pending, RecordId record) {
        return Optional.of(
                new CallOutcome.ApprovalPending(
                        call.target().ref(), pending, Optional.of(record.toString())));
    }

    /** The request for approval is on record; so is every further attempt while it is open. */
    private Optional<CallOutcome> waitsStill(
            AdmittedCall call, List<PendingApproval> pending, Duration left)
            throws InterruptedException {
        var denial =
                new Admission.Denial(
                        Reason.APPROVAL_REQUIRED,
                        Reason.APPROVAL_REQUIRED,
                        "",
                        List.of(),
                        Optional.of(call.target()),
                        call.rule());
        return switch (trail.append(
                records.denied(call.call(), denial, call.view(), call.context()), left)) {
            case Appended.Written(var id) -> waits(call, pending, id);
            case Appended.Stale _, Appended.Duplicate _, Appended.Unavailable _ ->
                    Optional.of(unrecorded(Reason.AUDIT_UNAVAILABLE, AUDIT_SENTENCE));
        };
    }

    private Approval fresh(AdmittedCall call, ApprovalRequirement requirement) {
        return Approval.open(
                "apr_" + UUID.randomUUID(),
                binding(call, requirement),
                call.target().risk(),
                requirement,
                clock.instant());
    }

    private static PendingApproval describe(Approval approval) {
        return new PendingApproval(approval.id(), approval.expires(), approval.reason());
    }

    /** Step 7 is done; steps 8 to 10 only after {@code Written}. */
    private Optional<CallOutcome> commit(AdmittedCall call, Permit permit, Appended appended) {
        return switch (appended) {
            case Appended.Written(var intent) -> Optional.of(upstream.run(call, intent, permit));
            case Appended.Stale() -> Optional.empty();
            case Appended.Duplicate() ->
                    Optional.of(
                            unrecorded(
                                    Reason.REPEATED_ATTEMPT, "This very attempt was made before."));
            case Appended.Unavailable() ->
                    Optional.of(unrecorded(Reason.AUDIT_UNAVAILABLE, AUDIT_SENTENCE));
        };
    }

    private static final String AUDIT_SENTENCE =
            "The call cannot be recorded now, so it does not run.";

    private CallOutcome refuse(AdmittedCall call, Reason reason, String sentence)
            throws InterruptedException {
        return refuse(call, reason, sentence, AuditTrail.PATIENCE);
    }

    private CallOutcome refuse(AdmittedCall call, Reason reason, String sentence, Duration left)
            throws InterruptedException {
        var denial =
                new Admission.Denial(
                        reason,
                        reason,
                        sentence,
                        List.of(),
                        Optional.of(call.target()),
                        call.rule());
        return told(denial, records.denied(call.call(), denial, call.view(), call.context()), left);
    }

    private CallOutcome refuse(
            UpstreamCall call, Admission.Denial denial, TenantView view, CallContext context)
            throws InterruptedException {
        return told(denial, records.denied(call, denial, view, context), AuditTrail.PATIENCE);
    }

    /** A refusal is recorded before it is told. */
    private CallOutcome told(Admission.Denial denial, TrailEntry record, Duration left)
            throws InterruptedException {
        return switch (trail.append(record, left)) {
            case Appended.Written(var id) ->
                    new CallOutcome.Refused(
                            denial.shown(),
                            denial.sentence(),
                            denial.details(),
                            Optional.of(id.toString()));
            case Appended.Stale _, Appended.Duplicate _, Appended.Unavailable _ ->
                    unrecorded(Reason.AUDIT_UNAVAILABLE, AUDIT_SENTENCE);
        };
    }

    private static CallOutcome unrecorded(Reason reason, String sentence) {
        return new CallOutcome.Refused(reason, sentence, List.of(), Optional.empty());
    }
}
