package io.sallyport.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.edge.Sse;
import io.sallyport.egress.LongAnswers;
import io.sallyport.provider.AnswerPieces;
import io.sallyport.provider.ModelFailure;
import io.sallyport.provider.StreamReader;
import io.sallyport.threads.ComputePool;
import io.sallyport.threads.Producer.Emitter;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import tools.jackson.databind.node.ObjectNode;

/** Rounds of a run whose answer is streamed: what the client may see leaves as it arrives. */
final class StreamedRounds implements RoundSource {
    /** Parsing more than this would hold up everything else on a virtual thread's carrier. */
    private static final int SMALL_BYTES = 256 * 1024;

    /** For 4 MiB of the smallest nodes on a slow machine. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final ModelLine line;
    private final StartRecord started;
    private final ClientStream client;
    private final ComputePool compute;
    private final AnswerPieces held;

    StreamedRounds(ModelLine line, StartRecord started, ClientStream client, ComputePool compute) {
        this.line = line;
        this.started = started;
        this.client = client;
        this.compute = compute;
        held = new AnswerPieces(line.room());
    }

    @Override
    public Round next(ObjectNode body, boolean last) throws InterruptedException {
        askForStream(body);
        var stream = line.provider().stream(line.request(body));
        return read(stream.flatMapMany(started::before), last);
    }

    private static void askForStream(ObjectNode body) {
        body.put("stream", true);
        Members.object(body, "stream_options")
                .orElseGet(() -> body.putObject("stream_options"))
                .put("include_usage", true);
    }

    private Round read(Flux<String> stream, boolean last) throws InterruptedException {
        var assembler = new RoundAssembler(held);
        try (var events = StreamReader.open(stream)) {
            events.next(); // accepted: the client may see that the round begins
            var view = client.round(last, held);
            for (var event = next(events, assembler);
                    event.isPresent();
                    event = next(events, assembler)) {
                if (assembler.isFinished()) {
                    addBehindEnd(event.get(), assembler);
                } else {
                    var chunk = chunk(event.get());
                    assembler.add(chunk);
                    view.show(chunk);
                }
            }
            var round = assembler.round(events.isDone());
            view.end(round);
            return round;
        }
    }

    private void addBehindEnd(String payload, RoundAssembler assembler)
            throws InterruptedException {
        try {
            assembler.add(chunk(payload));
        } catch (ModelFailure _) {
            // what cannot be read behind the end of the answer takes nothing from it
        }
    }

    private ObjectNode chunk(String payload) throws InterruptedException {
        var utf8 = payload.getBytes(UTF_8);
        held.parses(utf8);
        if (payload.length() <= LongAnswers.SHORT_BYTES) {
            return ProviderChunk.read(utf8);
        }
        var chunk = utf8.length <= SMALL_BYTES ? ProviderChunk.read(utf8) : computed(utf8);
        ModelFailure.requireNone(chunk, line.target());
        return chunk;
    }

    private ObjectNode computed(byte[] utf8) throws InterruptedException {
        var tenant = line.tenant().value();
        return switch (compute.run(tenant, LONGEST, () -> ProviderChunk.read(utf8))) {
            case ComputePool.Outcome.Done<ObjectNode>(var chunk) -> chunk;
            case ComputePool.Outcome.OutOfTime<ObjectNode>() -> throw ModelFailure.tooLarge();
            case ComputePool.Outcome.Overloaded<ObjectNode>() -> throw ModelFailure.overloaded();
        };
    }

    /** What breaks behind the end of the answer takes nothing from it. */
    private static Optional<String> next(StreamReader events, RoundAssembler assembler)
            throws InterruptedException {
        try {
            return events.next();
        } catch (ModelFailure e) {
            if (assembler.isFinished()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void show(Round round, boolean last) throws InterruptedException {
        started.require();
        var view = client.round(last, held);
        view.show(round.chunk());
        view.end(round);
    }

    @Override
    public void keepAlive() throws InterruptedException {
        client.emit(Sse.keepAlive());
    }

    /** Where frames go; never ahead of what the client reads. */
    record ClientStream(
            Emitter<byte[]> frames, ChunkWriter chunks, ToolOffer offer, VisibleText text) {
        RoundView round(boolean last, AnswerPieces held) throws InterruptedException {
            if (text.begin()) {
                emit(chunks.role());
            }
            return new RoundView(this, last, held);
        }

        void emit(byte[] frame) throws InterruptedException {
            frames.emit(frame);
        }
    }
}
