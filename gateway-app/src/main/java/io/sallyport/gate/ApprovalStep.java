package io.sallyport.gate;

import io.sallyport.audit.RecordId;
import io.sallyport.error.Reason;
import io.sallyport.gate.Approvals.Opened;
import io.sallyport.gate.CallOutcome.PendingApproval;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalBinding;
import io.sallyport.policy.ApprovalRequirement;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.ApprovalVerdict;
import io.sallyport.policy.VisibleText;
import io.sallyport.recording.ArgumentsDigest;
import io.sallyport.recording.AuditTrail;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Step 6: whether the people whom policy asks have approved exactly this call. Opens the approvals
 * that are missing; consumes none.
 */
final class ApprovalStep {
    /**
     * Approvals bind requester, tool, descriptor and arguments. Until a chat run can be resumed,
     * they do not bind the run: the next attempt of the same call would never find its approval.
     */
    private static final String UNBOUND = "";

    private final Approvals approvals;
    private final ArgumentsDigest digests;
    private final CallRecords records;
    private final Clock clock;

    ApprovalStep(Approvals approvals, ArgumentsDigest digests, CallRecords records, Clock clock) {
        this.approvals = approvals;
        this.digests = digests;
        this.records = records;
        this.clock = clock;
    }

    /** What this step says. */
    sealed interface ApprovalResult {
        /** All that are required; none, if none is. */
        record Approved(List<Approval> approvals) implements ApprovalResult {
            public Approved {
                approvals = List.copyOf(approvals);
            }
        }

        /**
         * The call must not run.
         *
         * @param left of the patience for the store, for recording the refusal
         */
        record Refused(Reason reason, String sentence, Duration left) implements ApprovalResult {}

        /**
         * People have not decided yet.
         *
         * @param opened the record of the first approval that was opened just now; empty if all
         *     were open before
         * @param left of the patience for the store, for recording the attempt
         */
        record Waiting(List<PendingApproval> pending, Optional<RecordId> opened, Duration left)
                implements ApprovalResult {
            public Waiting {
                pending = List.copyOf(pending);
            }
        }

        /** Looking approvals up took all the time that there was for the store. */
        record OutOfTime() implements ApprovalResult {}

        /** The decision was overtaken by a change, and is to be made anew. */
        record Stale() implements ApprovalResult {}
    }

    /** Looking approvals up and recording what follows share one patience. */
    ApprovalResult check(AdmittedCall call) throws InterruptedException {
        if (call.requirements().isEmpty()) {
            return new ApprovalResult.Approved(List.of());
        }
        var begun = System.nanoTime();
        var arguments = digests.of(call.params());
        var found = find(call, arguments);
        var left = AuditTrail.PATIENCE.minusNanos(System.nanoTime() - begun);
        if (!left.isPositive()) {
            return new ApprovalResult.OutOfTime();
        }
        var denied = found.stream().filter(it -> it.state() == ApprovalState.DENIED).findFirst();
        if (denied.isPresent()) {
            return new ApprovalResult.Refused(
                    Reason.APPROVAL_DENIED, denialSentence(denied.get()), left);
        }
        return isApproved(call, found)
                ? new ApprovalResult.Approved(found)
                : open(call, arguments, left);
    }

    private List<Approval> find(AdmittedCall call, String arguments) {
        var found = new ArrayList<Approval>();
        for (var requirement : call.requirements()) {
            approvals.find(binding(call, arguments, requirement)).ifPresent(found::add);
        }
        return found;
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

    private static boolean isApproved(AdmittedCall call, List<Approval> found) {
        return found.size() == call.requirements().size()
                && found.stream().allMatch(it -> it.state() == ApprovalState.APPROVED);
    }

    private ApprovalResult open(AdmittedCall call, String arguments, Duration left)
            throws InterruptedException {
        var pending = new ArrayList<PendingApproval>();
        Optional<RecordId> record = Optional.empty();
        for (var requirement : call.requirements()) {
            switch (approvals.open(
                    fresh(call, arguments, requirement),
                    call.params(),
                    records.audited(call),
                    call.view().sequence())) {
                case Opened.Stale() -> {
                    return new ApprovalResult.Stale();
                }
                case Opened.Refused(var reason, var sentence) -> {
                    return new ApprovalResult.Refused(reason, sentence, left);
                }
                case Opened.Waiting(var approval, var opening) -> {
                    record = record.or(() -> opening);
                    if (approval.state() == ApprovalState.PENDING) {
                        pending.add(describe(approval));
                    }
                }
            }
        }
        return new ApprovalResult.Waiting(pending, record, left);
    }

    private Approval fresh(AdmittedCall call, String arguments, ApprovalRequirement requirement) {
        return Approval.open(
                "apr_" + UUID.randomUUID(),
                binding(call, arguments, requirement),
                call.target().risk(),
                requirement,
                clock.instant());
    }

    /**
     * @param arguments digest of what would be sent
     */
    private static ApprovalBinding binding(
            AdmittedCall call, String arguments, ApprovalRequirement requirement) {
        return new ApprovalBinding(
                call.view().tenant(),
                call.context().principal().subject(),
                call.call().method(),
                call.target().ref(),
                call.target().digest(),
                arguments,
                requirement.digest(),
                UNBOUND);
    }

    private static PendingApproval describe(Approval approval) {
        return new PendingApproval(approval.id(), approval.expires(), approval.reason());
    }
}
