package io.sallyport.policy;

/** What a rule does to the calls that it matches. */
sealed interface Effect {
    record Allow() implements Effect {}

    record Deny() implements Effect {}

    record RequireApproval(ApprovalRequirement requirement) implements Effect {}
}
