package io.sallyport.samples.conformance;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client must have declared before it is asked something. */
final class Capability {

    private Capability() {}

    /** The capability that {@code elicitation/create}, for example, belongs to. */
    static String of(JsonNode request) {
        return request.path("method").asString("").replaceFirst("/.*", "");
    }

    /** The first capability that the questions need and the client lacks. */
    static Optional<String> lacking(ObjectNode requests, JsonNode declared) {
        return requests.valueStream()
                .map(Capability::of)
                .filter(capability -> !declared.has(capability))
                .findFirst();
    }
}
