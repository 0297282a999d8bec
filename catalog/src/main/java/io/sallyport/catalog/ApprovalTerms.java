package io.sallyport.catalog;

import io.sallyport.policy.Risk;
import java.util.Set;

/**
 * What an admin says when approving a tool.
 *
 * @param digest the digest that the admin saw; anything else is not approved
 * @param overrideFindings the admin accepts findings that block
 */
public record ApprovalTerms(
        String digest, Risk risk, Set<String> labels, boolean lenient, boolean overrideFindings) {
    public ApprovalTerms {
        labels = Set.copyOf(labels);
    }
}
