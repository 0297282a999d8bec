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

    /** The hint that raises a risk, if one does. */
    static String reason(JsonNode annotations) {
        return isDestructive(annotations)
                ? "annotations.destructiveHint is true"
                : "annotations.readOnlyHint is false";
    }

    private static boolean isDestructive(JsonNode annotations) {
        boolean claimsReadOnly = annotations.path("readOnlyHint").booleanValue(false);
        return annotations.path("destructiveHint").booleanValue(false) && !claimsReadOnly;
    }

    private static Risk admitted(JsonNode annotations) {
        if (isDestructive(annotations)) {
            return Risk.DESTRUCTIVE;
        }
        return annotations.path("readOnlyHint").booleanValue(true) ? Risk.READ : Risk.WRITE;
    }

    private static Risk higher(Risk one, Risk other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
