package io.sallyport.bridge;

import tools.jackson.databind.JsonNode;

/**
 * The next leg of a request whose last leg ended with questions.
 *
 * @param responses what each question is answered with, by the key of the question: a result, or
 *     {@code {"error":{"code":…,"message":…}}} and nothing else if the client failed to answer
 * @param asker place of the server that asked; no other one gets the answers
 */
public record Continued(Continuation continuation, JsonNode responses, String asker) {
    /** Without the answers. */
    @Override
    public String toString() {
        return "Continued[" + continuation + "]";
    }
}
