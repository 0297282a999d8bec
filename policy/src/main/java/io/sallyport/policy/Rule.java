package io.sallyport.policy;

import java.util.List;

/**
 * One rule, compiled.
 *
 * @param position place in the document, from 0; orders what decisions name, decides nothing
 * @param subjects alternatives; empty means anyone
 * @param told whether a caller is told that this rule decided
 */
record Rule(
        int position,
        String id,
        Effect effect,
        List<SubjectSelector> subjects,
        RuleTarget target,
        boolean told) {
    Rule {
        subjects = List.copyOf(subjects);
    }

    boolean matches(AccessRequest request) {
        return matchesSubject(request.principal())
                && target.tools().map(it -> it.matches(request)).orElse(false);
    }

    boolean matches(ContentKind kind, ContentRequest request) {
        return matchesSubject(request.principal())
                && target.of(kind).map(it -> it.matches(request)).orElse(false);
    }

    /** Tells whether the rule can let somebody have something, if only after an approval. */
    boolean gives() {
        return switch (effect) {
            case Effect.Allow _, Effect.RequireApproval _ -> true;
            case Effect.Deny _ -> false;
        };
    }

    /** Tells whether the rule names the content that is asked for letter by letter. */
    boolean spellsOut(ContentRequest request) {
        return target.of(request.kind()).map(it -> it.spellsOut(request)).orElse(false);
    }

    /** Tells whether the rule is about everyone. */
    boolean concernsEveryone() {
        return subjects.isEmpty()
                || subjects.stream().anyMatch(one -> one.kind() == SubjectSelector.Kind.ANY);
    }

    private boolean matchesSubject(Principal principal) {
        for (var subject : subjects) {
            if (subject.matches(principal)) {
                return true;
            }
        }
        return subjects.isEmpty();
    }
}
