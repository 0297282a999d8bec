package io.sallyport.gate;

import io.sallyport.identity.Caller;
import io.sallyport.policy.Approval;
import io.sallyport.policy.ApprovalState;
import io.sallyport.policy.ApprovalTransition;
import io.sallyport.policy.ApprovalVerdict;
import io.sallyport.policy.TenantId;
import java.util.List;
import java.util.Optional;

/** Approvals as people see them who decide. */
public interface ApprovalDesk {
    /** An approval with the canonical arguments that it is for. */
    @SuppressWarnings("ArrayRecordComponent") // shown once, never compared
    record Case(Approval approval, byte[] arguments) {}

    /**
     * What to list; what is absent does not narrow it.
     *
     * @param requester compared as a person, not as text
     * @param after id of the last approval of the page before
     */
    record Query(
            Optional<ApprovalState> state,
            Optional<String> requester,
            Optional<String> server,
            Optional<String> tool,
            Optional<String> after) {
        /** The first page of everything. */
        public static final Query ALL =
                new Query(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    /**
     * @param next the id to go on after, absent on the last page
     */
    record Page(List<Approval> approvals, Optional<String> next) {
        public Page {
            approvals = List.copyOf(approvals);
        }
    }

    /** Newest first, a hundred a page; arguments are shown one at a time only. */
    Page list(TenantId tenant, Query query);

    Optional<Case> find(TenantId tenant, String id);

    /** Counts a verdict and records it; empty if the tenant has no such approval. */
    Optional<ApprovalTransition> decide(
            TenantId tenant, String id, ApprovalVerdict verdict, String reason, Caller by);
}
