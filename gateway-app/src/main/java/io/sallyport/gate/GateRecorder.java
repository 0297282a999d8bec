package io.sallyport.gate;

import io.sallyport.audit.RecordId;
import io.sallyport.error.Reason;
import io.sallyport.gate.ApprovalStep.ApprovalResult;
import io.sallyport.policy.Approval;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import io.sallyport.tenant.TenantView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes what the gate says before it is told, and the intent of a call before it is sent (step 7).
 * What cannot be written is refused as that.
 */
final class GateRecorder {
    private final AuditTrail trail;
    private final Approvals approvals;
    private final CallRecords records;

    GateRecorder(AuditTrail trail, Approvals approvals, CallRecords records) {
        this.trail = trail;
        this.approvals = approvals;
        this.records = records;
    }

    /** The intent with its sealed arguments, not yet written. */
    TrailEntry.Intent intent(AdmittedCall call, List<Approval> granted) {
        return records.intent(call, granted);
    }

    /** Writes the intent, and uses the approvals up in the same transaction. */
    Appended write(TrailEntry.Intent intent, List<Approval> granted) throws InterruptedException {
        return granted.isEmpty() ? trail.append(intent) : approvals.consume(granted, intent);
    }

    /** A refusal by steps 1 to 4. */
    CallResult refuse(UpstreamCall call, Denial denial, TenantView view, CallContext context)
            throws InterruptedException {
        return told(denial, records.denied(call, denial, view, context), AuditTrail.PATIENCE);
    }

    CallResult refuse(AdmittedCall call, Reason reason, String sentence)
            throws InterruptedException {
        return refuse(call, reason, sentence, AuditTrail.PATIENCE);
    }

    /**
     * @param left of the patience for the store
     */
    CallResult refuse(AdmittedCall call, Reason reason, String sentence, Duration left)
            throws InterruptedException {
        var denial = Denial.of(reason, sentence, call);
        return told(denial, record(denial, call), left);
    }

    /** The request for approval is on record; so is every further attempt while it is open. */
    CallResult waits(AdmittedCall call, ApprovalResult.Waiting waiting)
            throws InterruptedException {
        var record = waiting.opened();
        if (record.isEmpty()) {
            var denial = Denial.of(Reason.APPROVAL_REQUIRED, "", call);
            var again = CallRecords.waiting(record(denial, call), waiting.pending());
            record = written(trail.append(again, waiting.left()));
        }
        return onRecord(new CallOutcome.ApprovalPending(waiting.pending()), record);
    }

    private TrailEntry record(Denial denial, AdmittedCall call) {
        return records.denied(call.call(), denial, call.view(), call.context());
    }

    private CallResult told(Denial denial, TrailEntry record, Duration left)
            throws InterruptedException {
        var refusal = new CallOutcome.Refused(denial.shown(), denial.sentence(), denial.details());
        return onRecord(refusal, written(trail.append(record, left)));
    }

    private static CallResult onRecord(CallOutcome outcome, Optional<RecordId> record) {
        return record.map(it -> new CallResult(outcome, Optional.of(it.toString())))
                .orElseGet(GateRecorder::unrecorded);
    }

    private static Optional<RecordId> written(Appended appended) {
        return appended instanceof Appended.Written(var id) ? Optional.of(id) : Optional.empty();
    }

    static CallResult unrecorded() {
        return unrecorded(
                Reason.AUDIT_UNAVAILABLE, "The call cannot be recorded now, so it does not run.");
    }

    static CallResult repeated() {
        return unrecorded(Reason.REPEATED_ATTEMPT, "This very attempt was made before.");
    }

    static CallResult unrecorded(Reason reason, String sentence) {
        return CallResult.unrecorded(new CallOutcome.Refused(reason, sentence));
    }
}
