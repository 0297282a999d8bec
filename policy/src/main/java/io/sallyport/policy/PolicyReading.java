package io.sallyport.policy;

import java.util.List;

/** What came out of reading a policy document. There is no policy with a part left out. */
public sealed interface PolicyReading {
    /** The document is a policy. {@code findings} are remarks; none of them changes a decision. */
    record Valid(Policy policy, List<PolicyFinding> findings) implements PolicyReading {
        public Valid {
            findings = List.copyOf(findings);
        }
    }

    /** The document is refused as a whole. {@code findings} says why and where; never empty. */
    record Invalid(List<PolicyFinding> findings) implements PolicyReading {
        public Invalid {
            findings = List.copyOf(findings);
            if (findings.isEmpty()) {
                throw new IllegalArgumentException("a refusal needs a finding");
            }
        }
    }
}
