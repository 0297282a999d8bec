package io.sallyport.samples.conformance;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One turn of a request, the same in both eras.
 *
 * @param params of the request
 * @param capabilities what this client declared
 * @param answers by key: what the client answered to the questions of the turn before; empty in the
 *     first turn
 * @param state what the turn before wanted back
 * @param notices what the client may be told meanwhile
 */
record Turn(
        JsonNode params,
        JsonNode capabilities,
        JsonNode answers,
        Optional<String> state,
        Notices notices) {

    /** The name of the tool or the prompt. */
    String name() {
        return params.path("name").asString("");
    }

    JsonNode arguments() {
        return params.path("arguments");
    }

    boolean declares(String capability) {
        return capabilities.has(capability);
    }

    Turn answered(JsonNode newAnswers, Optional<String> newState) {
        return new Turn(params, capabilities, newAnswers, newState, notices);
    }
}
