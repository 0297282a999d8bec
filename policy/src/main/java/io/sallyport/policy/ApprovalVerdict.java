package io.sallyport.policy;

/** What somebody says about a pending approval. */
public enum ApprovalVerdict {
    APPROVE,
    /** One denial ends the approval, whatever others said. */
    DENY,
    /** Taken back: by the requester, or by an admin of the tenant. */
    CANCEL
}
