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

    /**
     * What the hints say, for an admin who goes by them. A hint that is missing counts as MCP has
     * it (2025-06-18, ToolAnnotations): a tool that does not say that it only reads is destructive
     * unless it says that it is not.
     */
    static Risk claimed(JsonNode annotations) {
        boolean destroys = annotations.path("destructiveHint").booleanValue(true);
        if (annotations.path("readOnlyHint").booleanValue(false)) {
            return annotations.path("destructiveHint").booleanValue(false)
                    ? Risk.DESTRUCTIVE // it contradicts itself
                    : Risk.READ;
        }
        return destroys ? Risk.DESTRUCTIVE : Risk.WRITE;
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

    static Risk higher(Risk one, Risk other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
