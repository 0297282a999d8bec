package io.sallyport.chat;

import io.sallyport.bridge.Producer.Emitter;
import io.sallyport.upstream.ModelFailure;
import io.sallyport.upstream.StreamReader;
import java.util.Optional;
import reactor.core.publisher.Flux;
import tools.jackson.databind.node.ObjectNode;

/** Rounds of a run whose answer is streamed: what the client may see leaves as it arrives. */
final class StreamedRounds implements RoundSource {
    private final ModelLine line;
    private final Started started;
    private final ClientStream client;

    StreamedRounds(ModelLine line, Started started, ClientStream client) {
        this.line = line;
        this.started = started;
        this.client = client;
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
        var assembler = new RoundAssembler();
        try (var events = StreamReader.open(stream)) {
            events.next(); // accepted: the client may see that the round begins
            var view = client.round(last);
            for (var event = next(events, assembler);
                    event.isPresent();
                    event = next(events, assembler)) {
                var chunk = ProviderChunk.read(event.get());
                var over = assembler.isFinished();
                assembler.add(chunk);
                if (!over) {
                    view.show(chunk);
                }
            }
            var round = assembler.round(events.isDone());
            view.end(round);
            return round;
        }
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
        var view = client.round(last);
        view.show(round.chunk());
        view.end(round);
    }

    @Override
    public void keepAlive() throws InterruptedException {
        client.emit(Sse.KEEP_ALIVE);
    }

    /** Where frames go; never ahead of what the client reads. */
    record ClientStream(
            Emitter<byte[]> frames, ChunkWriter chunks, ToolOffer offer, VisibleText text) {
        RoundView round(boolean last) throws InterruptedException {
            if (text.begin()) {
                emit(chunks.role());
            }
            return new RoundView(this, last);
        }

        void emit(byte[] frame) throws InterruptedException {
            frames.emit(frame);
        }
    }
}
