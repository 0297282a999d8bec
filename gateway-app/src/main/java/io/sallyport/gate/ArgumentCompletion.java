package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One requested completion/complete: suggestions for an argument of a prompt or of a resource
 * template that the caller may use.
 *
 * @param reference {@code ref} as requested
 * @param params {@code argument} and {@code context} as requested, a tree that the strict reader
 *     made
 */
public record ArgumentCompletion(Reference reference, JsonNode params) implements ContentCall {
    /** What is completed. */
    public sealed interface Reference {
        String name();

        /** {@code ref/prompt}. */
        record Prompt(String name) implements Reference {}

        /** {@code ref/resource}: the template as it is listed. */
        record Template(String name) implements Reference {}
    }

    @Override
    public String method() {
        return "completion/complete";
    }

    @Override
    public String name() {
        return reference.name();
    }

    @Override
    public Optional<Continued> continued() {
        return Optional.empty();
    }

    /** Arguments never show in a log. */
    @Override
    public String toString() {
        return "ArgumentCompletion[" + reference + "]";
    }
}
