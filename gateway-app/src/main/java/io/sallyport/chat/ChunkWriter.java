package io.sallyport.chat;

import io.sallyport.catalog.JsonText;
import io.sallyport.edge.Sse;
import io.sallyport.provider.ModelStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the chunks of one governed stream: same id, time and model in all of them.
 *
 * @param created seconds since the epoch
 * @param model the alias that the client used
 */
record ChunkWriter(String id, long created, String model) {

    byte[] role() {
        var delta = JsonNodeFactory.instance.objectNode();
        delta.put("role", "assistant").put("content", "");
        return delta(JsonNodeFactory.instance.objectNode(), delta);
    }

    /** A delta of the provider's chunk {@code origin}, whose unknown members stay. */
    byte[] delta(ObjectNode origin, ObjectNode delta) {
        var envelope = JsonNodeFactory.instance.objectNode();
        envelope.setAll(origin);
        envelope.remove("usage");
        var chunk = identified(envelope);
        var choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.set("delta", delta);
        var logprobs = origin.path("choices").path(0).path("logprobs");
        if (logprobs.isObject()) {
            choice.set("logprobs", logprobs);
        }
        choice.putNull("finish_reason");
        return Sse.event(JsonText.write(chunk));
    }

    byte[] finish(String reason, ObjectNode report) {
        var chunk = identified(JsonNodeFactory.instance.objectNode());
        var choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("delta");
        choice.putNull("logprobs");
        choice.put("finish_reason", reason);
        chunk.set("x_sallyport", report);
        return Sse.event(JsonText.write(chunk));
    }

    byte[] usage(JsonNode usage) {
        var chunk = identified(JsonNodeFactory.instance.objectNode());
        chunk.putArray("choices");
        chunk.set("usage", usage);
        return Sse.event(JsonText.write(chunk));
    }

    byte[] done() {
        return Sse.event(ModelStream.DONE);
    }

    private ObjectNode identified(ObjectNode chunk) {
        chunk.put("id", id);
        chunk.put("object", "chat.completion.chunk");
        chunk.put("created", created);
        chunk.put("model", model);
        return chunk;
    }
}
