package io.sallyport.policy;

/** The answer to a verdict on an approval. Only {@link Moved} changes anything. */
public sealed interface ApprovalTransition {
    /** The vote counts; {@code approval} is what there is now, perhaps still pending. */
    record Moved(Approval approval) implements ApprovalTransition {}

    /** Whoever asked for a call does not decide on it; they may only cancel. */
    record SelfApproval() implements ApprovalTransition {}

    /** The principal has no say in this approval. */
    record NotAnApprover() implements ApprovalTransition {}

    /**
     * Too late for this vote. {@code state} is {@link ApprovalState#PENDING} if the same person
     * approved before and others are still awaited.
     */
    record AlreadyDecided(ApprovalState state) implements ApprovalTransition {}

    /** Its time is over. */
    record Expired() implements ApprovalTransition {}
}
