package io.sallyport.gate;

import io.sallyport.audit.RecordId;
import io.sallyport.error.Reason;
import io.sallyport.gate.Admission.Asked;
import io.sallyport.gate.Admission.Verdict;
import io.sallyport.gate.ApprovalStep.ApprovalResult;
import io.sallyport.gate.Circuits.Entry;
import io.sallyport.gate.Circuits.Permit;
import io.sallyport.gate.SubscriptionResult.NotWatching;
import io.sallyport.policy.Approval;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.StoreFailure;
import io.sallyport.tenant.Governance;
import io.sallyport.tenant.TenantView;
import java.time.Duration;
import java.util.List;
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
    private final ApprovalStep approval;
    private final GateRecorder recorder;
    private final UpstreamRoundTrip upstream;

    GovernedGate(
            Governance governance,
            Admission admission,
            ApprovalStep approval,
            GateRecorder recorder,
            UpstreamRoundTrip upstream) {
        this.governance = governance;
        this.admission = admission;
        this.approval = approval;
        this.recorder = recorder;
        this.upstream = upstream;
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
        Pass<R> ended(CallResult result) {
            return new Pass.Ended<>(refusal.apply(result));
        }

        Pass<R> run(AdmittedCall call, RecordId intent, Permit permit) {
            return new Pass.Ended<>(lastSteps.run(call, intent, permit));
        }
    }

    /** What one pass through the steps came to. */
    private sealed interface Pass<R> {
        record Ended<R>(R result) implements Pass<R> {}

        /** The decision on this was overtaken by a change: it is made anew. */
        record Overtaken<R>(Target target) implements Pass<R> {}
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
            return way.refusal().apply(GateRecorder.unrecorded());
        }
    }

    private <R> R decided(UpstreamCall call, CallContext context, Way<R> way)
            throws InterruptedException {
        var start = System.nanoTime();
        var spent = Duration.ZERO;
        var view = governance.view(context.principal().tenant());
        for (int attempts = 1; ; attempts++) {
            var pass = attempt(view, new Asked(call, context, spent), way);
            if (pass instanceof Pass.Ended<R>(var result)) {
                return result;
            }
            spent = Duration.ofNanos(System.nanoTime() - start);
            if (pass instanceof Pass.Overtaken<R>(var target)
                    && (attempts == ATTEMPTS || !context.after(spent).hasTime())) {
                var denial = Denial.overtaken(target);
                return way.refusal().apply(recorder.refuse(call, denial, view, context));
            }
            view = governance.refreshed(view);
        }
    }

    @Override
    public void abandon(CallOutcome.InputRequired asked, CallContext context) {
        governance
                .view(context.principal().tenant())
                .server(asked.tool().server())
                .ifPresent(it -> upstream.abandon(it, asked.continuation()));
    }

    private <R> Pass<R> attempt(TenantView view, Asked asked, Way<R> way)
            throws InterruptedException {
        // 1 resolve, 2 pin, 3 arguments, 4 decide
        return switch (admission.judge(view, asked)) {
            case Verdict.Refused(var denial) ->
                    way.ended(recorder.refuse(asked.call(), denial, view, asked.context()));
            case Verdict.Admitted(var admitted) -> attempt(admitted, way);
            case Verdict.Overtaken(var target) -> new Pass.Overtaken<>(target);
        };
    }

    private <R> Pass<R> attempt(AdmittedCall call, Way<R> way) throws InterruptedException {
        // 5 limits
        if (!(admission.enter(call) instanceof Entry.Entered(var permit))) {
            return way.ended(recorder.refuse(call, Reason.RATE_LIMITED, Circuits.BUSY));
        }
        try {
            // 6 approval
            List<Approval> granted;
            switch (approval.check(call)) {
                case ApprovalResult.Approved(var all) -> granted = all;
                case ApprovalResult.Refused(var reason, var sentence, var left) -> {
                    return way.ended(recorder.refuse(call, reason, sentence, left));
                }
                case ApprovalResult.Waiting waiting -> {
                    return way.ended(recorder.waits(call, waiting));
                }
                case ApprovalResult.Stale() -> {
                    return new Pass.Overtaken<>(call.target());
                }
                case ApprovalResult.OutOfTime() -> {
                    return way.ended(GateRecorder.unrecorded());
                }
            }
            var intent = recorder.intent(call, granted);
            requireClient(call);
            if (!permit.begin()) {
                return way.ended(recorder.refuse(call, Reason.CIRCUIT_OPEN, Circuits.OPEN));
            }
            // 7 intent
            return switch (recorder.write(intent, granted)) {
                // 8 call, 9 result, 10 outcome
                case Appended.Written(var id) -> way.run(call, id, permit);
                case Appended.Stale() -> new Pass.Overtaken<>(call.target());
                case Appended.Duplicate() -> way.ended(GateRecorder.repeated());
                case Appended.Unavailable() -> way.ended(GateRecorder.unrecorded());
            };
        } finally {
            permit.leaveUnused();
        }
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
}
