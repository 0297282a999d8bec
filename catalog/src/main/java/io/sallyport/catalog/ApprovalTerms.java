package io.sallyport.catalog;

import io.sallyport.policy.Risk;
import java.util.Set;

/**
 * What an admin says when approving a tool.
 *
 * @param digest the digest that the admin saw; anything else is not approved
 * @param overrideFindings the admin accepts findings that block
 * @param unjudged pointers of the keywords that the admin knows are not judged, with hidden
 *     characters escaped
 */
public record ApprovalTerms(
        String digest,
        Risk risk,
        Set<String> labels,
        boolean lenient,
        boolean overrideFindings,
        Set<String> unjudged) {
    public ApprovalTerms {
        labels = Set.copyOf(labels);
        unjudged = Set.copyOf(unjudged);
    }
}
