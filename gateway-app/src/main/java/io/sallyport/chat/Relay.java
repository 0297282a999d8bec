package io.sallyport.chat;

import io.sallyport.chat.PassThroughFace.Usage;
import io.sallyport.upstream.ModelFailure;
import io.sallyport.upstream.ModelStream;
import reactor.core.publisher.Flux;

/**
 * Relays the events of one provider stream. Payloads leave as they came and are not parsed, unless
 * they could report an error; only event names, ids and comments of the provider stay behind.
 */
final class Relay {
    private boolean done;
    private String lastUsage = "";

    /** Everything before the end of the stream; what a provider sends behind it is nobody's. */
    boolean isForClient(String payload) {
        done = done || payload.equals(ModelStream.DONE);
        return !done;
    }

    /**
     * @throws ModelFailure if the payload reports an error
     */
    byte[] frame(String payload) {
        ProviderChunk.requireNoError(payload);
        if (payload.contains("\"usage\":{") || payload.contains("\"usage\": {")) {
            lastUsage = payload;
        }
        return Sse.event(payload);
    }

    boolean isDone() {
        return done;
    }

    /** {@code [DONE]} if the provider said so: a cut stream must not look whole. */
    Flux<byte[]> lastFrames() {
        return done ? Flux.just(Sse.event(ModelStream.DONE)) : Flux.error(ModelFailure.cut());
    }

    /** For the record; a payload that is no JSON tells nothing. */
    Usage usage() {
        try {
            return lastUsage.isEmpty()
                    ? Usage.UNKNOWN
                    : Usage.of(ProviderChunk.read(lastUsage).path("usage"));
        } catch (ModelFailure e) {
            return Usage.UNKNOWN;
        }
    }
}
