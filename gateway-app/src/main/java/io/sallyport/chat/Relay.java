package io.sallyport.chat;

import io.sallyport.chat.PassThroughFace.Usage;
import io.sallyport.upstream.ModelFailure;
import io.sallyport.upstream.ModelStream;
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
    private final Set<Integer> finished = new HashSet<>();
    private boolean done;
    private String lastUsage = "";

    /**
     * @param choices how many answers the client asked for
     */
    Relay(int choices) {
        this.choices = choices;
    }

    /** Everything before the end of the stream; what a provider sends behind it is nobody's. */
    boolean isForClient(String payload) {
        done = done || payload.equals(ModelStream.DONE);
        return !done;
    }

    byte[] frame(String payload) {
        if (FINISH.matcher(payload).find()) {
            readFinish(payload);
        }
        if (USAGE.matcher(payload).find()) {
            lastUsage = payload;
        }
        return Sse.event(payload);
    }

    private void readFinish(String payload) {
        for (var choice : Members.elements(read(payload), "choices")) {
            if (FinishReason.isOne(FinishReason.said(choice))) {
                finished.add(choice.path("index").asInt(0));
            }
        }
    }

    /** A payload that is no JSON tells nothing. */
    private static JsonNode read(String payload) {
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
        return Usage.of(read(lastUsage).path("usage"));
    }
}
