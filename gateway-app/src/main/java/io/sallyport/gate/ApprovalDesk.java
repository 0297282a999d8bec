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

    /** Newest first, at most 200. */
    List<Case> list(TenantId tenant, Optional<ApprovalState> state);

    Optional<Case> find(TenantId tenant, String id);

    /** Counts a verdict and records it; empty if the tenant has no such approval. */
    Optional<ApprovalTransition> decide(
            TenantId tenant, String id, ApprovalVerdict verdict, String reason, Caller by);
}
