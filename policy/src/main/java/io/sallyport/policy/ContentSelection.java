package io.sallyport.policy;

import java.util.List;
import java.util.Set;

/**
 * The resources, or the prompts, that a rule is about. Patterns are alternatives and so are labels;
 * where there are both, both must hold. There is at least one entry.
 */
record ContentSelection(List<ContentGlob> globs, Set<String> labels) {
    ContentSelection {
        globs = List.copyOf(globs);
        labels = Set.copyOf(labels);
        if (globs.isEmpty() && labels.isEmpty()) {
            throw new IllegalArgumentException("a selection needs an entry");
        }
    }

    boolean matches(ContentRequest request) {
        return matchesName(request) && matchesLabels(request.labels());
    }

    /** Tells whether the selection spells out the name that is asked for, with no star in it. */
    boolean spellsOut(ContentRequest request) {
        return matchesLabels(request.labels())
                && globs.stream()
                        .filter(ContentGlob::spellsName)
                        .anyMatch(it -> it.matches(request.server(), request.name()));
    }

    /** Tells whether the selection stands for everything of its kind. */
    boolean isEverything() {
        return labels.isEmpty() && globs.stream().anyMatch(ContentGlob::isEverything);
    }

    private boolean matchesName(ContentRequest request) {
        for (var glob : globs) {
            if (glob.matches(request.server(), request.name())) {
                return true;
            }
        }
        return globs.isEmpty();
    }

    private boolean matchesLabels(Set<String> carried) {
        for (var label : labels) {
            if (carried.contains(label)) {
                return true;
            }
        }
        return labels.isEmpty();
    }
}
