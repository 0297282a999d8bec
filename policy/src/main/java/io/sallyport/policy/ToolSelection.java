package io.sallyport.policy;

import java.util.List;
import java.util.Set;

/**
 * The tools that a rule is about. Entries of one kind are alternatives, kinds that have entries
 * must all hold; at least one kind has entries.
 */
record ToolSelection(
        List<ToolGlob> globs, Set<Risk> risks, Set<String> labels, Set<String> toolsets) {
    ToolSelection {
        globs = List.copyOf(globs);
        risks = Set.copyOf(risks);
        labels = Set.copyOf(labels);
        toolsets = Set.copyOf(toolsets);
        if (globs.isEmpty() && risks.isEmpty() && labels.isEmpty() && toolsets.isEmpty()) {
            throw new IllegalArgumentException("a selection needs an entry");
        }
    }

    boolean matches(AccessRequest request) {
        return matchesName(request.tool())
                && matchesRisk(request.risk())
                && matchesLabels(request)
                && matchesToolsets(request.toolsets());
    }

    /** Tells whether the selection stands for every tool there is. */
    boolean isEverything() {
        return risks.isEmpty()
                && labels.isEmpty()
                && toolsets.isEmpty()
                && globs.stream().anyMatch(ToolGlob::isEverything);
    }

    private boolean matchesName(ToolRef tool) {
        for (var glob : globs) {
            if (glob.matches(tool)) {
                return true;
            }
        }
        return globs.isEmpty();
    }

    private boolean matchesRisk(Risk risk) {
        return risks.isEmpty() || risks.contains(risk) || risks.contains(risk.effective());
    }

    private boolean matchesLabels(AccessRequest request) {
        for (var label : labels) {
            if (request.carries(label)) {
                return true;
            }
        }
        return labels.isEmpty();
    }

    private boolean matchesToolsets(Set<String> memberships) {
        for (var toolset : toolsets) {
            if (memberships.contains(toolset)) {
                return true;
            }
        }
        return toolsets.isEmpty();
    }
}
