package io.sallyport.samples.conformance;

import io.sallyport.samples.wire.Rpc;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request that is not served.
 *
 * @param status of HTTP
 * @param code of JSON-RPC
 */
record Refusal(int status, int code, String text, Optional<JsonNode> data) {

    static Refusal of(int status, int code, String text) {
        return new Refusal(status, code, text, Optional.empty());
    }

    static Refusal invalid(String text) {
        return of(400, Rpc.INVALID_PARAMS, text);
    }

    ObjectNode response(JsonNode id) {
        return data.map(known -> Rpc.error(id, code, text, known))
                .orElseGet(() -> Rpc.error(id, code, text));
    }
}
