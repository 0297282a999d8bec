package io.sallyport.samples.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A strict client: puts a stream together and objects to everything that some stock client would
 * stumble over.
 */
final class StreamReader {

    private final ObjectNode message =
            JsonMapper.shared().createObjectNode().put("role", "assistant").putNull("content");
    private final List<ObjectNode> calls = new ArrayList<>();
    private String finishReason = "";

    private StreamReader() {}

    /** The assistant message and finish reason that the stream amounts to. */
    static ObjectNode assemble(String stream) {
        var reader = new StreamReader();
        var chunks = chunks(stream);
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asString(""))
                .isEqualTo("assistant");
        chunks.forEach(reader::read);
        assertThat(reader.finishReason).isNotEmpty();
        return reader.whole();
    }

    /** The chunks of a stream that ends with {@code [DONE]}, each a valid chunk with one id. */
    static List<JsonNode> chunks(String stream) {
        assertThat(stream).endsWith("data: [DONE]\n\n");
        var chunks = new ArrayList<JsonNode>();
        var ids = new HashSet<String>();
        for (var event : stream.split("\n\n")) {
            assertThat(event).startsWith("data: ").doesNotContain("\n");
            if (!event.equals("data: [DONE]")) {
                chunks.add(JsonMapper.shared().readTree(event.substring(6)));
            }
        }
        for (var chunk : chunks) {
            ids.add(chunk.path("id").asString(""));
            assertThat(OpenAiSchema.faults("CreateChatCompletionStreamResponse", chunk)).isEmpty();
        }
        assertThat(ids).hasSize(1);
        return chunks;
    }

    private void read(JsonNode chunk) {
        if (chunk.path("choices").isEmpty()) {
            assertThat(finishReason).as("usage comes after the finish").isNotEmpty();
            assertThat(chunk.path("usage").isObject()).isTrue();
            return;
        }
        assertThat(finishReason).as("nothing follows the finish").isEmpty();
        var delta = chunk.at("/choices/0/delta");
        if (delta.path("content").isString()) {
            message.put("content", message.path("content").asString("") + text(delta, "content"));
        }
        delta.path("tool_calls").forEach(this::readCall);
        finishReason = chunk.at("/choices/0/finish_reason").asString("");
    }

    private void readCall(JsonNode delta) {
        int index = delta.path("index").asInt(-1);
        if (index == calls.size()) {
            assertThat(text(delta, "id")).isNotEmpty();
            var call = JsonMapper.shared().createObjectNode().put("id", text(delta, "id"));
            call.put("type", text(delta, "type")).set("function", delta.get("function").deepCopy());
            calls.add(call);
            return;
        }
        assertThat(index).as("calls come one after the other").isEqualTo(calls.size() - 1);
        assertThat(delta.has("id")).as("an id is told once").isFalse();
        assertThat(delta.path("function").has("name")).as("a name is told once").isFalse();
        var function = (ObjectNode) calls.get(index).path("function");
        function.put(
                "arguments",
                text(function, "arguments") + text(delta.path("function"), "arguments"));
    }

    private ObjectNode whole() {
        if (!calls.isEmpty()) {
            ArrayNode array = message.putArray("tool_calls");
            calls.forEach(array::add);
        }
        var whole = JsonMapper.shared().createObjectNode().put("finish_reason", finishReason);
        whole.set("message", message);
        return whole;
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("");
    }
}
