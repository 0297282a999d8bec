package io.sallyport.samples.model;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the model reads of a request; everything else is ignored.
 *
 * @param length bytes of the body
 */
record ChatRequest(
        String model, boolean stream, boolean wantsUsage, Conversation conversation, int length) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static ChatRequest read(byte[] body) throws RefusedRequest {
        var tree = tree(body);
        var model = tree.path("model");
        if (!model.isString()) {
            throw RefusedRequest.invalid("model", "model must be a string.");
        }
        var messages = tree.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw RefusedRequest.invalid("messages", "messages must be a non-empty array.");
        }
        return new ChatRequest(
                model.stringValue(),
                tree.path("stream").asBoolean(false),
                tree.path("stream_options").path("include_usage").asBoolean(false),
                Conversation.of(messages),
                body.length);
    }

    private static JsonNode tree(byte[] body) throws RefusedRequest {
        try {
            return JSON.readTree(body);
        } catch (JacksonException malformed) {
            throw RefusedRequest.invalid("", "The body is not JSON.");
        }
    }
}
