package io.sallyport.policy;

import java.util.Set;

/**
 * One question to the decision point: may {@code principal} have this content of {@code server}?
 *
 * @param name the URI of a resource or the name of a prompt, as the server gives it; of a resource
 *     template its text, which stands for the template itself and not for what it can produce
 * @param labels labels of the server
 */
public record ContentRequest(
        Principal principal, ServerSlug server, ContentKind kind, String name, Set<String> labels) {
    public ContentRequest {
        labels = Set.copyOf(labels);
    }

    /** The same question about another name. */
    ContentRequest named(String other) {
        return new ContentRequest(principal, server, kind, other, labels);
    }
}
