package io.sallyport.chat;

import io.sallyport.upstream.ModelFailure;
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
    private final ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    private final ObjectNode choice = JsonNodeFactory.instance.objectNode();
    private final ObjectNode message = choice.putObject("message");
    private final SequencedMap<Integer, StreamedCall> calls = new TreeMap<>();
    private final TextJoiner texts = new TextJoiner();

    /** Whether the terminal chunk was seen. */
    boolean isFinished() {
        return choice.has("finish_reason");
    }

    void add(ObjectNode chunk) {
        for (var member : chunk.properties()) {
            if (!member.getKey().equals("choices") && !member.getValue().isNull()) {
                envelope.set(member.getKey(), member.getValue());
            }
        }
        if (!isFinished() && chunk.path("choices").path(0) instanceof ObjectNode first) {
            addChoice(first);
        }
    }

    private void addChoice(ObjectNode chunk) {
        addDelta(chunk.path("delta"));
        var finish = Members.text(chunk, "finish_reason");
        if (!finish.isEmpty()) {
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
        for (var fragment : Members.elements(delta, "tool_calls")) {
            if (!(fragment instanceof ObjectNode part)) {
                throw ModelFailure.malformed();
            }
            calls.computeIfAbsent(indexOf(part), _ -> new StreamedCall()).add(part);
        }
    }

    /** Providers that leave the index out send each call whole. */
    private int indexOf(ObjectNode fragment) {
        var index = fragment.path("index");
        return index.isIntegralNumber() ? index.asInt() : calls.size();
    }

    /**
     * @throws ModelFailure if the stream ended before its terminal chunk
     */
    Round round() {
        if (!isFinished()) {
            throw ModelFailure.cut();
        }
        texts.writeTo(message);
        if (!calls.isEmpty()) {
            var array = message.putArray("tool_calls");
            calls.values().forEach(it -> array.add(it.tree()));
        }
        envelope.putArray("choices").add(choice);
        return Round.read(envelope);
    }
}
