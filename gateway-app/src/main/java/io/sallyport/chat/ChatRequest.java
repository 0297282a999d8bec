package io.sallyport.chat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.error.Reason;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Chat Completions request. Members that we do not know stay in {@link #body} and reach the
 * provider.
 *
 * @param model the alias that the client named
 * @param includeUsage whether the client asked for the usage chunk of a stream
 */
record ChatRequest(ObjectNode body, String model, boolean stream, boolean includeUsage) {

    static ChatRequest read(byte[] bytes) {
        try {
            return of(StrictJson.read(bytes));
        } catch (MalformedJson e) {
            throw new ChatFailure(ChatError.of(e));
        }
    }

    private static ChatRequest of(JsonNode tree) {
        if (!(tree instanceof ObjectNode body)) {
            throw ChatFailure.invalidRequest("The body must be a JSON object.", "");
        }
        var model = Members.text(body, "model");
        if (model.isEmpty()) {
            throw ChatFailure.invalidRequest("A model is required.", "model");
        }
        if (!(body.path("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            throw ChatFailure.invalidRequest("At least one message is required.", "messages");
        }
        var usage = Members.isTrue(body.path("stream_options"), "include_usage");
        return new ChatRequest(body, model, stream(body), usage);
    }

    private static boolean stream(ObjectNode body) {
        var stream = body.path("stream");
        if (!Members.has(body, "stream")) {
            return false;
        }
        if (!stream.isBoolean()) {
            throw ChatFailure.invalidRequest("stream must be true or false.", "stream");
        }
        return stream.booleanValue();
    }

    /** The answer is JSON, which no sentence of an earlier round may precede. */
    boolean wantsJson() {
        return Members.text(body.path("response_format"), "type").startsWith("json_");
    }

    /** Several choices cannot share one tool loop. */
    void requireOneChoice() {
        var n = body.path("n");
        if (Members.has(body, "n")
                && !(n.isIntegralNumber() && n.canConvertToInt() && n.asInt() == 1)) {
            throw ChatFailure.invalid(
                    Reason.UNSUPPORTED_PARAMETER, "With server tools n must be 1.", "n");
        }
        if (Members.has(body, "functions") || Members.has(body, "function_call")) {
            throw ChatFailure.invalid(
                    Reason.UNSUPPORTED_PARAMETER,
                    "With server tools use tools instead of functions.",
                    "functions");
        }
    }
}
