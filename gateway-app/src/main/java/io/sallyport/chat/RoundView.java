package io.sallyport.chat;

import io.sallyport.chat.StreamedRounds.ClientStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the client sees of one round while it streams: its text and its own tool calls; never the
 * role, the end, the usage or a call of a server tool.
 */
final class RoundView {
    private final ClientStream client;
    private final ClientCalls calls;
    private final boolean last;
    private final List<ObjectNode> held = new ArrayList<>();

    RoundView(ClientStream client, boolean last) {
        this.client = client;
        this.last = last;
        calls = new ClientCalls(client.offer());
    }

    void show(ObjectNode chunk) throws InterruptedException {
        if (!(chunk.path("choices").path(0).path("delta") instanceof ObjectNode delta)) {
            return;
        }
        if (!last) {
            calls.add(delta);
        }
        if (client.text().onlyLast()) {
            held.add(chunk);
        } else {
            showText(chunk);
        }
        showCalls(chunk);
    }

    private void showText(ObjectNode chunk) throws InterruptedException {
        var delta = (ObjectNode) chunk.path("choices").path(0).path("delta").deepCopy();
        delta.remove(List.of("role", "tool_calls", "function_call", ContentParts.OTHERS));
        var content = client.text().joined(Members.text(delta, "content"));
        if (content.isEmpty()) {
            delta.remove("content");
        } else {
            delta.put("content", content);
        }
        delta.removeIf(JsonNode::isNull);
        if (!delta.isEmpty()) {
            client.emit(client.chunks().delta(chunk, delta));
        }
    }

    private void showCalls(ObjectNode chunk) throws InterruptedException {
        for (var delta : calls.taken()) {
            client.emit(client.chunks().delta(chunk, delta));
        }
    }

    /** The round is whole: shows what was held back if nothing follows it. */
    void end(Round round) throws InterruptedException {
        if (last || Turn.of(round, client.offer()).endsRun()) {
            for (var chunk : held) {
                showText(chunk);
            }
        }
        calls.flush();
        showCalls(JsonNodeFactory.instance.objectNode());
    }
}
