package io.sallyport.audit;

import java.util.List;

/**
 * What a reader of a tool's calls should know of its review.
 *
 * @param riskSet the class that an admin set, where the tool's annotations raised it
 * @param unjudged where keywords of the tool's schemas stand that are not judged
 */
public record ToolReview(String riskSet, List<String> unjudged) {
    /** Nothing beyond what the record says anyway. */
    public static final ToolReview NONE = new ToolReview("", List.of());

    public ToolReview {
        unjudged = List.copyOf(unjudged);
    }
}
