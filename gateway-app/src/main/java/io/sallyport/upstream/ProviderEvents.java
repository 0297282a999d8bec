package io.sallyport.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.EgressReply;
import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/**
 * The events of one streamed answer, as honest providers write them: with spaces around a payload,
 * without the last blank line, with events that say nothing. The body is read to its end, so that
 * the connection is used again.
 *
 * <p>What the answer says of its own type makes no difference: it is a stream if it has events.
 */
record ProviderEvents(EgressReply reply, ModelTarget target) implements ModelStream {
    /**
     * Goes behind the body, so that an event that the end leaves without its blank line is seen,
     * and seen to be one that may be cut.
     */
    private static final String END = "\u0000end";

    private static final byte[] AFTER_BODY = ("\ndata: " + END + "\n\n").getBytes(UTF_8);

    private static final String ERROR = "error";

    /** Events that keep a connection alive. */
    private static final Set<String> SILENT =
            Set.of("ping", "heartbeat", "keepalive", "keep-alive");

    @Override
    public Flux<String> events() {
        return Flux.defer(this::read).onErrorMap(OpenAiProvider::failure);
    }

    private Flux<String> read() {
        var reading = new Reading(target, isFramed());
        var body = reply.body().doOnNext(reading::keep).concatWith(Flux.just(AFTER_BODY));
        return EventStream.read(body, OpenAiProvider.MAX_EVENT_BYTES)
                .concatMapIterable(reading::payloads)
                .concatWith(Flux.defer(reading::end));
    }

    /** Whether a closed connection is told from a cut one. */
    private boolean isFramed() {
        var coding = reply.header("transfer-encoding").orElse("").toLowerCase(Locale.ROOT);
        return coding.contains("chunked") || reply.header("content-length").isPresent();
    }

    @Override
    public void discard() {
        reply.discard();
    }

    /** What was read of one stream so far. */
    private static final class Reading {
        private final ModelTarget target;
        private final boolean framed;
        private final ByteArrayOutputStream head = new ByteArrayOutputStream(0);
        private final HalfCharacters halves = new HalfCharacters();
        private boolean any;
        private boolean done;

        private Reading(ModelTarget target, boolean framed) {
            this.target = target;
            this.framed = framed;
        }

        /** What may turn out to be something else than events. */
        private void keep(byte[] chunk) {
            int room = OpenAiProvider.MAX_REFUSAL_BYTES - head.size();
            if (!any && room > 0) {
                head.write(chunk, 0, Math.min(room, chunk.length));
            }
        }

        /** What comes behind {@link ModelStream#DONE} is nobody's. */
        private List<String> payloads(ServerEvent event) {
            if (done) {
                return List.of();
            }
            var data = event.data();
            return data.endsWith(END)
                    ? lastPayloads(event.event(), data.substring(0, data.length() - END.length()))
                    : payloads(event.event(), data.strip());
        }

        private List<String> payloads(String event, String payload) {
            if (payload.equals(DONE)) {
                done = true;
                return Stream.concat(halves.end().stream(), Stream.of(DONE)).toList();
            }
            if (payload.isEmpty() || SILENT.contains(event)) {
                return List.of();
            }
            any = true;
            requireNoError(event, payload);
            return halves.joined(payload);
        }

        /** Half an event was never sent. */
        private List<String> lastPayloads(String event, String data) {
            var payload = data.strip();
            var whole =
                    payload.equals(DONE)
                            || event.equals(ERROR) && !payload.isEmpty()
                            || tree(payload).isPresent();
            var last = whole ? payloads(event, payload) : List.<String>of();
            return Stream.concat(last.stream(), halves.end().stream()).toList();
        }

        /** Looks closer only at payloads that could report an error. */
        private void requireNoError(String event, String payload) {
            var named = event.equals(ERROR);
            if (!named && !payload.contains("\"error\"")) {
                return;
            }
            var tree = tree(payload);
            if (named || tree.filter(ProviderError::isToldBy).isPresent()) {
                var utf8 = payload.getBytes(UTF_8);
                throw ModelFailure.reported(ProviderError.read(0, utf8, target.words()));
            }
        }

        private static Optional<JsonNode> tree(String payload) {
            try {
                return Optional.of(StrictJson.mending(payload.getBytes(UTF_8)).tree());
            } catch (MalformedJson e) {
                return Optional.empty();
            }
        }

        private Flux<String> end() {
            if (done) {
                return Flux.empty();
            }
            if (!any) {
                return Flux.error(WholeAnswer.insteadOfStream(head.toByteArray(), target));
            }
            return framed ? Flux.empty() : Flux.error(ModelFailure.cut());
        }
    }
}
