package io.sallyport.gate;

import io.sallyport.audit.RecordId;
import io.sallyport.error.Reason;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.AuditedCall;
import io.sallyport.recording.TrailEntry;
import java.util.List;
import java.util.Optional;

/**
 * The approval store as the gate sees it. Every change is recorded in the transaction that makes
 * it.
 */
public interface Approvals {
    /** The newest approval of this binding that is open or denied, as it stands now. */
    Optional<Approval> find(ApprovalBinding binding);

    /**
     * Opens an approval unless one of the same binding is open, or too many are, or a person could
     * not read its arguments.
     *
     * @param arguments canonical arguments for the approvers' eyes; sealed at rest
     * @param sequence the governance sequence under which it was found to be required
     */
    Opened open(Approval approval, byte[] arguments, AuditedCall call, long sequence);

    /**
     * Writes the intent and marks the approvals consumed, together or not at all.
     *
     * @return {@link Appended.Stale} too if one of them is no longer approved
     */
    Appended consume(List<Approval> approvals, TrailEntry.Intent intent);

    /** The answer to {@link #open}. */
    sealed interface Opened {
        /** The approval that is open now, and the record that says so if it was opened just now. */
        record Waiting(Approval approval, Optional<RecordId> record) implements Opened {}

        /** None was opened; the sentence is for the model that asked. */
        record Refused(Reason reason, String sentence) implements Opened {}

        /** None was opened: what governs the tenant has changed since the decision. */
        record Stale() implements Opened {}
    }
}
