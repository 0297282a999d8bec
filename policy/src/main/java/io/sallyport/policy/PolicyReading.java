package io.sallyport.policy;

import java.util.List;

/** What came out of reading a policy document. There is no policy with a part left out. */
public sealed interface PolicyReading {
    /**
     * The document is a policy.
     *
     * @param findings remarks; none of them changes a decision
     * @param selectors the entries of all its lists, rule by rule
     */
    record Valid(Policy policy, List<PolicyFinding> findings, List<Selector> selectors)
            implements PolicyReading {
        public Valid {
            findings = List.copyOf(findings);
            selectors = List.copyOf(selectors);
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
