package io.sallyport.policy;

import java.util.Set;

/**
 * One question to the decision point: may {@code principal} call {@code tool}?
 *
 * @param labels labels of the tool and of its server
 * @param toolsets names of the tenant's toolsets that contain the tool
 */
public record AccessRequest(
        Principal principal, ToolRef tool, Risk risk, Set<String> labels, Set<String> toolsets) {
    /** What nobody has classified may bring in anything, hold anything and send it anywhere. */
    private static final Set<String> LABELS_OF_UNCLASSIFIED =
            Set.of("untrusted-source", "private-data", "outbound");

    public AccessRequest {
        labels = Set.copyOf(labels);
        toolsets = Set.copyOf(toolsets);
    }

    /** Tells whether rules see {@code label}; unclassified tools carry the three built-in ones. */
    public boolean carries(String label) {
        return labels.contains(label)
                || (risk == Risk.UNCLASSIFIED && LABELS_OF_UNCLASSIFIED.contains(label));
    }
}
