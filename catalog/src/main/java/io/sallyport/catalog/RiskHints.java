package io.sallyport.catalog;

import io.sallyport.policy.Risk;
import tools.jackson.databind.JsonNode;

/** A server's hints about its own tool are believed only where they warn. */
final class RiskHints {
    private RiskHints() {}

    /** Returns {@code risk} or a higher class; hints never lower it. */
    static Risk raise(Risk risk, JsonNode annotations) {
        return switch (risk) {
            case READ, WRITE -> higher(risk, admitted(annotations));
            case DESTRUCTIVE, UNCLASSIFIED -> risk;
        };
    }

    private static Risk admitted(JsonNode annotations) {
        boolean claimsReadOnly = annotations.path("readOnlyHint").booleanValue(false);
        if (annotations.path("destructiveHint").booleanValue(false) && !claimsReadOnly) {
            return Risk.DESTRUCTIVE;
        }
        return annotations.path("readOnlyHint").booleanValue(true) ? Risk.READ : Risk.WRITE;
    }

    private static Risk higher(Risk one, Risk other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
