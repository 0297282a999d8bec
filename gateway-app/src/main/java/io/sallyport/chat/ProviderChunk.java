package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.upstream.ModelFailure;
import tools.jackson.databind.node.ObjectNode;

/** Reads the payload of one event of a provider's stream. */
final class ProviderChunk {
    private ProviderChunk() {}

    /**
     * @throws ModelFailure if it is no chunk, or if it reports an error
     */
    static ObjectNode read(String payload) {
        try {
            if (StrictJson.read(payload) instanceof ObjectNode chunk) {
                return requireNoError(chunk);
            }
        } catch (MalformedJson e) {
            throw ModelFailure.malformed();
        }
        throw ModelFailure.malformed();
    }

    private static ObjectNode requireNoError(ObjectNode chunk) {
        if (Members.has(chunk, "error")) {
            throw ModelFailure.cut();
        }
        return chunk;
    }

    /** Looks closer only at payloads that could report an error. */
    static void requireNoError(String payload) {
        if (payload.contains("\"error\"")) {
            read(payload);
        }
    }
}
