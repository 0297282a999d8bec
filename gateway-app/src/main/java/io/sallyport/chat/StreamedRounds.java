package io.sallyport.chat;

import io.sallyport.bridge.Await;
import io.sallyport.bridge.Producer.Emitter;
import io.sallyport.upstream.ModelStream;
import io.sallyport.upstream.StreamReader;
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
        var stream = Await.one(line.provider().stream(line.request(body)));
        requireStarted(stream);
        return read(stream, last);
    }

    private static void askForStream(ObjectNode body) {
        body.put("stream", true);
        Members.object(body, "stream_options")
                .orElseGet(() -> body.putObject("stream_options"))
                .put("include_usage", true);
    }

    private void requireStarted(ModelStream stream) throws InterruptedException {
        try {
            started.require();
        } catch (ChatFailure e) {
            stream.discard();
            throw e;
        }
    }

    private Round read(ModelStream stream, boolean last) throws InterruptedException {
        var assembler = new RoundAssembler();
        var view = client.round(last);
        try (var events = StreamReader.open(stream)) {
            for (var event = events.next(); event.isPresent(); event = events.next()) {
                var chunk = ProviderChunk.read(event.get());
                if (!assembler.isFinished()) {
                    view.show(chunk);
                }
                assembler.add(chunk);
            }
        }
        var round = assembler.round();
        view.end(round);
        return round;
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
