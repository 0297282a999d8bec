package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.provider.ModelFailure;
import tools.jackson.databind.node.ObjectNode;

/** Reads the payload of one event of a provider's stream. */
final class ProviderChunk {
    private ProviderChunk() {}

    /**
     * @throws ModelFailure if it is no chunk
     */
    static ObjectNode read(byte[] payload) {
        try {
            if (StrictJson.mending(payload).tree() instanceof ObjectNode chunk) {
                return chunk;
            }
        } catch (MalformedJson e) {
            throw ModelFailure.malformed();
        }
        throw ModelFailure.malformed();
    }
}
