package io.sallyport.policy;

import java.util.Optional;

/** What a rule is about: at least one of the three. Each is a question of its own. */
record RuleTarget(
        Optional<ToolSelection> tools,
        Optional<ContentSelection> resources,
        Optional<ContentSelection> prompts) {
    Optional<ContentSelection> of(ContentKind kind) {
        return switch (kind) {
            case RESOURCE, TEMPLATE -> resources;
            case PROMPT -> prompts;
        };
    }

    boolean isEmpty() {
        return tools.isEmpty() && resources.isEmpty() && prompts.isEmpty();
    }

    /** Tells whether all there is of some kind is in it. */
    boolean holdsEverythingOfAKind() {
        return tools.map(ToolSelection::isEverything).orElse(false)
                || resources.map(ContentSelection::isEverything).orElse(false)
                || prompts.map(ContentSelection::isEverything).orElse(false);
    }
}
