package io.sallyport.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.bridge.EventStream;
import io.sallyport.bridge.JsonWeight;
import io.sallyport.bridge.ServerEvent;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import io.sallyport.egress.EgressReply;
import io.sallyport.egress.LongAnswers;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The events of one streamed answer, as honest providers write them: with spaces around a payload,
 * without the last blank line, with events that say nothing. The body is read to its end, so that
 * the connection is used again.
 *
 * <p>What the answer says of its own type makes no difference: it is a stream if it has events.
 */
record ProviderEvents(EgressReply reply, ModelRequest request) implements ModelStream {
    /**
     * Goes behind the body, so that an event that the end leaves without its blank line is seen,
     * and seen to be one that may be cut.
     */
    private static final String END = "\u0000end";

    private static final byte[] AFTER_BODY = ("\ndata: " + END + "\n\n").getBytes(UTF_8);

    /** Sixteen of them wait for a slow reader, which is as much as is never counted. */
    private static final int SMALL_EVENT = 4 * 1024;

    private static final String ERROR = "error";

    /** As it is written by those who write every payload as JSON. */
    private static final String QUOTED_DONE = '"' + DONE + '"';

    /** Payloads of one stream that are skipped because nothing of an answer can be in them. */
    private static final int MOST_STRAY = 1_000;

    /** Events that keep a connection alive. */
    private static final Set<String> SILENT =
            Set.of("ping", "heartbeat", "keepalive", "keep-alive");

    @Override
    public Flux<String> events() {
        return Flux.defer(this::read).onErrorMap(OpenAiProvider::failure);
    }

    private Flux<String> read() {
        var reading = new Reading(reply, request, isFramed());
        var body = reply.body().doOnNext(reading::keep).concatWith(Flux.just(AFTER_BODY));
        return EventStream.read(body, OpenAiProvider.MAX_EVENT_BYTES)
                .concatMap(reading::heard, 1)
                .concatWith(Flux.defer(reading::end))
                .doFinally(_ -> reply.keeper().close());
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
        private final EgressReply reply;
        private final ModelTarget target;
        private final boolean framed;
        private final AnswerPieces waiting;
        private final ByteArrayOutputStream head = new ByteArrayOutputStream(0);
        private final HalfCharacters halves = new HalfCharacters();
        private int stray;
        private boolean any;
        private boolean done;

        private Reading(EgressReply reply, ModelRequest request, boolean framed) {
            this.reply = reply;
            target = request.target();
            this.framed = framed;
            waiting = new AnswerPieces(request.room());
        }

        /** What becomes an event, and what may turn out to be something else than events. */
        private void keep(byte[] chunk) {
            reply.keeper().add(chunk.length);
            int room = OpenAiProvider.MAX_REFUSAL_BYTES - head.size();
            if (!any && room > 0) {
                head.write(chunk, 0, Math.min(room, chunk.length));
            }
        }

        /**
         * A long event is read where it holds up no connection. What comes behind {@link
         * ModelStream#DONE} is nobody's.
         */
        private Publisher<String> heard(ServerEvent event) {
            int length = event.data().length();
            reply.keeper().clear();
            if (done) {
                return Mono.empty();
            }
            if (length > SMALL_EVENT) {
                waiting.add(JsonWeight.ofText(length));
            }
            return length <= LongAnswers.SHORT_BYTES
                    ? published(payloads(event))
                    : LongAnswers.handOn(reply.tenant(), event, length)
                            .flatMapIterable(this::payloads);
        }

        private static Publisher<String> published(List<String> payloads) {
            return switch (payloads.size()) {
                case 0 -> Mono.empty();
                case 1 -> Mono.just(payloads.getFirst());
                default -> Flux.fromIterable(payloads);
            };
        }

        private List<String> payloads(ServerEvent event) {
            var data = event.data();
            return data.endsWith(END)
                    ? lastPayloads(event.event(), data.substring(0, data.length() - END.length()))
                    : payloads(event.event(), data.strip());
        }

        private List<String> payloads(String event, String payload) {
            if (payload.equals(DONE) || payload.equals(QUOTED_DONE)) {
                return lastOfAll();
            }
            if (payload.isEmpty() || SILENT.contains(event)) {
                return List.of();
            }
            requireNoError(event, payload);
            if (payload.indexOf('{') < 0) {
                return skipped();
            }
            any = true;
            return halves.joined(payload);
        }

        private List<String> lastOfAll() {
            if (!any && stray > 0) {
                throw ModelFailure.malformed();
            }
            done = true;
            return Stream.concat(halves.end().stream(), Stream.of(DONE)).toList();
        }

        /** No object, and no list with one in it: nothing of the answer is lost. */
        private List<String> skipped() {
            stray++;
            if (stray > MOST_STRAY) {
                throw ModelFailure.malformed();
            }
            return List.of();
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

        /**
         * Looks closer only at payloads that could report an error. Whoever reads a long one sees
         * for himself.
         */
        private void requireNoError(String event, String payload) {
            var named = event.equals(ERROR);
            var isLong = payload.length() > LongAnswers.SHORT_BYTES;
            if (named && isLong) {
                throw ModelFailure.reported(ProviderError.NONE);
            }
            if (named) {
                var utf8 = payload.getBytes(UTF_8);
                throw ModelFailure.reported(ProviderError.read(0, utf8, target.words()));
            }
            if (!isLong && ProviderError.mayBeToldBy(payload)) {
                tree(payload).ifPresent(it -> ModelFailure.requireNone(it, target));
            }
        }

        private Optional<JsonNode> tree(String payload) {
            var utf8 = payload.getBytes(UTF_8);
            waiting.parses(utf8);
            try {
                return Optional.of(StrictJson.mending(utf8).tree());
            } catch (MalformedJson e) {
                return Optional.empty();
            }
        }

        private Flux<String> end() {
            if (done) {
                return Flux.empty();
            }
            if (!any && stray > 0) {
                return Flux.error(ModelFailure.malformed());
            }
            if (!any) {
                return Flux.error(WholeAnswer.insteadOfStream(head.toByteArray(), target));
            }
            return framed ? Flux.empty() : Flux.error(ModelFailure.cut());
        }
    }
}
