package io.sallyport.policy;

/** What somebody says about a pending approval. */
public enum ApprovalVerdict {
    APPROVE,
    /** One denial ends the approval, whatever others said. */
    DENY,
    /**
     * Taken back: by the requester or an admin of the tenant, and once it is approved and not used
     * yet by an approver too.
     */
    CANCEL
}
