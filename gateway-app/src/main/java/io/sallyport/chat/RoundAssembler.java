package io.sallyport.chat;

import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the chunks of one streamed round together into the same {@link Round} that an unstreamed
 * answer gives, unknown members included. What comes after the terminal chunk is ignored, except
 * usage.
 */
final class RoundAssembler {
    private final AnswerPieces held;
    private final ChunkReader reader;
    private final ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    private final ObjectNode choice = JsonNodeFactory.instance.objectNode();
    private final ObjectNode message = choice.putObject("message");
    private final SequencedMap<Integer, StreamedCall> calls = new TreeMap<>();
    private final TextJoiner texts;
    private boolean begun;

    /**
     * @param held counts what is kept
     */
    RoundAssembler(AnswerPieces held) {
        this.held = held;
        reader = new ChunkReader(held);
        texts = new TextJoiner(held);
    }

    /** Whether the terminal chunk was seen. */
    boolean isFinished() {
        return choice.has("finish_reason");
    }

    /**
     * Takes the next chunk, which is written as OpenAI would have written it afterwards.
     *
     * @throws ModelFailure if it is none, or more would be kept than may be
     */
    void add(ObjectNode chunk) {
        if (!isFinished()) {
            reader.read(chunk);
        }
        for (var member : chunk.properties()) {
            if (!member.getKey().equals("choices") && !member.getValue().isNull()) {
                Members.put(envelope, member.getKey(), member.getValue(), held);
            }
        }
        if (!isFinished() && chunk.path("choices").path(0) instanceof ObjectNode first) {
            begun = true;
            addChoice(first);
        }
    }

    private void addChoice(ObjectNode chunk) {
        addDelta(chunk.path("delta"));
        var finish = FinishReason.said(chunk);
        if (FinishReason.isOne(finish)) {
            choice.put("finish_reason", finish);
        }
    }

    private void addDelta(JsonNode delta) {
        for (var member : delta.properties()) {
            switch (member.getKey()) {
                case "role" -> {}
                case "tool_calls" -> addCalls(delta);
                default -> texts.append(member.getKey(), member.getValue());
            }
        }
    }

    private void addCalls(JsonNode delta) {
        for (var fragment : CallList.of(delta)) {
            var index = fragment.path("index").asInt();
            calls.computeIfAbsent(index, _ -> new StreamedCall(held)).add((ObjectNode) fragment);
        }
    }

    /**
     * The round, if it has ended: with a finish reason, with {@code [DONE]}, or with a connection
     * that was closed behind nothing but complete calls. A text without an end may be cut, and so
     * may a call without arguments.
     *
     * @param done whether the stream ended with {@code [DONE]}
     * @throws ModelFailure if the stream ended before the answer did
     */
    Round round(boolean done) {
        var ended = isFinished() || (done && begun) || hasOnlyCompleteCalls();
        if (!ended) {
            throw ModelFailure.cut();
        }
        texts.writeTo(message);
        ContentParts.unite(message);
        if (!calls.isEmpty()) {
            var array = message.putArray("tool_calls");
            calls.values().forEach(it -> array.add(it.tree()));
        }
        envelope.putArray("choices").add(choice);
        return Round.read(envelope);
    }

    private boolean hasOnlyCompleteCalls() {
        return !calls.isEmpty() && calls.values().stream().allMatch(StreamedCall::isComplete);
    }
}
