package io.sallyport.policy;

import java.time.Instant;

/**
 * What one person said about an approval.
 *
 * @param approver the person's {@link Principal#subject()}
 * @param reason free text of the approver, may be empty
 */
public record ApprovalVote(String approver, ApprovalVerdict verdict, String reason, Instant at) {}
