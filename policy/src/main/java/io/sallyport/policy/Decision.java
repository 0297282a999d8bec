package io.sallyport.policy;

import java.util.List;

/** The answer of the decision point. A decision that cannot be made is a {@link Deny}. */
public sealed interface Decision {
    /** The call may run. {@code rule} is the id of a rule that allows it. */
    record Allow(String rule) implements Decision {}

    /** The call must not run. {@code rule} is empty unless a deny rule matched. */
    record Deny(DenyReason reason, String rule) implements Decision {}

    /** The call may run once every requirement has its own approval; never empty. */
    record RequireApproval(List<ApprovalRequirement> requirements) implements Decision {
        public RequireApproval {
            requirements = List.copyOf(requirements);
            if (requirements.isEmpty()) {
                throw new IllegalArgumentException("an approval needs a requirement");
            }
        }
    }
}
