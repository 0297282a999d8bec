package io.sallyport.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.edge.Sse;
import io.sallyport.egress.LongAnswers;
import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import io.sallyport.provider.ModelRequest;
import io.sallyport.provider.ModelStream;
import io.sallyport.provider.ModelTarget;
import io.sallyport.provider.ProviderError;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Relays the events of one provider stream. Payloads leave as they came and are not parsed, unless
 * they end a choice; only event names, ids and comments of the provider stay behind.
 */
final class Relay {
    private static final Pattern FINISH = Pattern.compile("\"finish_reason\"\\s*+:\\s*+\"");
    private static final Pattern USAGE = Pattern.compile("\"usage\"\\s*+:\\s*+\\{");

    private final int choices;
    private final ModelTarget target;
    private final AnswerPieces held;
    private final Set<Integer> finished = new HashSet<>();
    private boolean done;
    private String lastUsage = "";
    private Usage usage = Usage.UNKNOWN; // of a long payload

    /**
     * @param choices how many answers the client asked for
     */
    Relay(int choices, ModelRequest request) {
        this.choices = choices;
        target = request.target();
        held = new AnswerPieces(request.room());
    }

    /** Everything before the end of the stream; what a provider sends behind it is nobody's. */
    boolean isForClient(String payload) {
        done = done || payload.equals(ModelStream.DONE);
        return !done;
    }

    /**
     * @throws ModelFailure if a long payload tells of an error, or is too heavy to look
     */
    byte[] frame(String payload) {
        if (payload.length() > LongAnswers.SHORT_BYTES) {
            readLong(payload);
            return Sse.event(payload);
        }
        if (FINISH.matcher(payload).find()) {
            readFinish(read(payload.getBytes(UTF_8)));
        }
        if (USAGE.matcher(payload).find()) {
            lastUsage = payload;
        }
        return Sse.event(payload);
    }

    /** Once, on the thread that it may hold up. */
    private void readLong(String payload) {
        var usageComes = USAGE.matcher(payload).find();
        if (usageComes || ProviderError.mayBeToldBy(payload) || FINISH.matcher(payload).find()) {
            var utf8 = payload.getBytes(UTF_8);
            held.parses(utf8);
            var chunk = read(utf8);
            ModelFailure.requireNone(chunk, target);
            readFinish(chunk);
            usage = usageComes ? Usage.of(chunk.path("usage")) : usage;
            lastUsage = usageComes ? "" : lastUsage;
        }
    }

    private void readFinish(JsonNode chunk) {
        for (var choice : Members.elements(chunk, "choices")) {
            if (FinishReason.isOne(FinishReason.said(choice))) {
                finished.add(choice.path("index").asInt(0));
            }
        }
    }

    /** A payload that is no JSON tells nothing. */
    private static JsonNode read(byte[] payload) {
        try {
            return ProviderChunk.read(payload);
        } catch (ModelFailure e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether every answer has ended, so that nothing is lost if the rest does not come. */
    boolean isWhole() {
        return done || finished.size() >= choices;
    }

    /** {@code [DONE]} if the answer is whole: a cut stream must not look so. */
    Flux<byte[]> lastFrames() {
        return isWhole() ? Flux.just(Sse.event(ModelStream.DONE)) : Flux.error(ModelFailure.cut());
    }

    /** For the record. */
    Usage usage() {
        return lastUsage.isEmpty()
                ? usage
                : Usage.of(read(lastUsage.getBytes(UTF_8)).path("usage"));
    }
}
