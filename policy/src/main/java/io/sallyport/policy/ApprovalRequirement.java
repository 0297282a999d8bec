package io.sallyport.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What one require_approval rule asks for.
 *
 * @param rule id of the rule
 * @param approvers who may decide, e.g. {@code role:approver}
 * @param count how many different approvers must agree, at least 1
 * @param ttl how long the approval stays open or usable
 * @param reason the sentence that the rule gives to its readers, may be empty
 */
public record ApprovalRequirement(
        String rule, List<String> approvers, int count, Duration ttl, String reason) {
    public ApprovalRequirement {
        approvers = List.copyOf(approvers);
    }

    /**
     * Digest over the rule's id, who may approve (in any order) and how many must. A policy that
     * changes only other things leaves approvals of this requirement valid.
     */
    public String digest() {
        var fields = new ArrayList<>(List.of("sallyport.requirement.v1", rule, "" + count));
        fields.addAll(new TreeSet<>(approvers));
        return CanonicalText.digest(fields);
    }
}
