package io.sallyport.chat;

import io.sallyport.chat.StreamedRounds.ClientStream;
import io.sallyport.provider.AnswerPieces;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the client sees of one round while it streams: its text and its own tool calls; never the
 * role, the end, the usage or a call of a server tool.
 */
final class RoundView {
    /** Members of a delta that the client does not see, or sees as calls of its own. */
    private static final List<String> NO_TEXT =
            List.of("role", "tool_calls", "function_call", ContentParts.OTHERS);

    private final ClientStream client;
    private final ClientCalls calls;
    private final boolean last;
    private final HeldBack heldBack;

    /**
     * @param held counts what is kept
     */
    RoundView(ClientStream client, boolean last, AnswerPieces held) {
        this.client = client;
        this.last = last;
        calls = new ClientCalls(client.offer(), held);
        heldBack = new HeldBack(held);
    }

    /** What comes of one round before it is known to be the last, as one chunk. */
    private static final class HeldBack {
        private final ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        private final TextJoiner delta;
        private final TextJoiner logprobs;
        private final AnswerPieces held;

        private HeldBack(AnswerPieces held) {
            delta = new TextJoiner(held);
            logprobs = new TextJoiner(held);
            this.held = held;
        }

        private void add(ObjectNode chunk) {
            chunk.properties().stream()
                    .filter(it -> !it.getKey().equals("choices"))
                    .forEach(it -> Members.put(envelope, it.getKey(), it.getValue(), held));
            var choice = chunk.path("choices").path(0);
            append(delta, choice.path("delta"));
            append(logprobs, choice.path("logprobs"));
        }

        private static void append(TextJoiner whole, JsonNode piece) {
            piece.properties().stream()
                    .filter(it -> !NO_TEXT.contains(it.getKey()))
                    .forEach(it -> whole.append(it.getKey(), it.getValue()));
        }

        private ObjectNode chunk() {
            var choice = envelope.putArray("choices").addObject();
            delta.writeTo(choice.putObject("delta"));
            if (!logprobs.isEmpty()) {
                logprobs.writeTo(choice.putObject("logprobs"));
            }
            return envelope;
        }
    }

    void show(ObjectNode chunk) throws InterruptedException {
        if (!(chunk.path("choices").path(0).path("delta") instanceof ObjectNode delta)) {
            return;
        }
        if (!last) {
            calls.add(delta);
        }
        if (client.text().onlyLast()) {
            heldBack.add(chunk);
        } else {
            showText(chunk);
        }
        showCalls(chunk);
    }

    private void showText(ObjectNode chunk) throws InterruptedException {
        var delta = JsonNodeFactory.instance.objectNode();
        delta.setAll((ObjectNode) chunk.path("choices").path(0).path("delta"));
        delta.remove(NO_TEXT);
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
            showText(heldBack.chunk());
        }
        calls.flush();
        showCalls(JsonNodeFactory.instance.objectNode());
    }
}
