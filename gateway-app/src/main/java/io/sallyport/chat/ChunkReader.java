package io.sallyport.chat;

import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the chunks of one streamed round as OpenAI would have written them, whatever their
 * provider makes of calls, contents and arguments. Everything behind it knows one spelling.
 */
final class ChunkReader {
    private final CallPlaces places;
    private boolean hasDeltas;

    ChunkReader(AnswerPieces held) {
        places = new CallPlaces(held);
    }

    /** Changes {@code chunk} in place. */
    void read(ObjectNode chunk) {
        if (chunk.path("choices").path(0) instanceof ObjectNode choice) {
            delta(choice).ifPresent(this::write);
        }
    }

    /** Some send {@code message} in place of {@code delta}; others repeat it all at the end. */
    private Optional<ObjectNode> delta(ObjectNode choice) {
        var message = Members.object(choice, "message");
        choice.remove("message");
        var delta = Members.object(choice, "delta");
        if (delta.filter(ChunkReader::saysSomething).isPresent()) {
            hasDeltas = true;
            return delta;
        }
        if (hasDeltas || message.isEmpty()) {
            return delta;
        }
        choice.set("delta", message.get());
        return message;
    }

    private static boolean saysSomething(ObjectNode delta) {
        return delta.properties().stream()
                .filter(it -> !it.getKey().equals("role"))
                .map(Map.Entry::getValue)
                .anyMatch(it -> !it.isNull() && !(it.isString() && it.stringValue().isEmpty()));
    }

    private void write(ObjectNode delta) {
        ContentParts.divide(delta);
        CallList.write(delta);
        for (var fragment : CallList.of(delta)) {
            if (!(fragment instanceof ObjectNode part)) {
                throw ModelFailure.malformed();
            }
            ArgumentText.write(part);
            places.write(part);
        }
    }
}
