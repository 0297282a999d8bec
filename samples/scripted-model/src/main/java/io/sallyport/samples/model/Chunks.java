package io.sallyport.samples.model;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a reply as the chunks of a stream, {@code CreateChatCompletionStreamResponse} in OpenAI's
 * description: role, text in pieces, each call (first its id and name, then its arguments in
 * pieces), finish reason, and usage where the client asked for it.
 */
final class Chunks {

    private final Reply reply;
    private final boolean withUsage;
    private final int pieceLength;
    private final List<ObjectNode> chunks = new ArrayList<>();

    private Chunks(Reply reply, boolean withUsage, int pieceLength) {
        this.reply = reply;
        this.withUsage = withUsage;
        this.pieceLength = pieceLength;
    }

    static List<ObjectNode> of(Reply reply, boolean withUsage, int pieceLength) {
        var writer = new Chunks(reply, withUsage, pieceLength);
        writer.write();
        return List.copyOf(writer.chunks);
    }

    private void write() {
        role();
        pieces(reply.text()).forEach(piece -> delta("").put("content", piece));
        for (int index = 0; index < reply.calls().size(); index++) {
            call(index, reply.calls().get(index));
        }
        delta(reply.finishReason());
        if (withUsage) {
            usage();
        }
    }

    private void role() {
        var delta = delta("").put("role", "assistant");
        if (reply.content().isNull()) {
            delta.putNull("content");
        } else {
            delta.put("content", "");
        }
        delta.putNull("refusal");
    }

    private void call(int index, Reply.IdentifiedCall identified) {
        var first = callDelta(index).put("id", identified.id()).put("type", "function");
        first.putObject("function").put("name", identified.call().name()).put("arguments", "");
        for (var piece : pieces(identified.call().arguments())) {
            callDelta(index).putObject("function").put("arguments", piece);
        }
    }

    private ObjectNode callDelta(int index) {
        return delta("").putArray("tool_calls").addObject().put("index", index);
    }

    /** Adds a chunk and returns its delta; an empty {@code finishReason} means not yet. */
    private ObjectNode delta(String finishReason) {
        var chunk = chunk();
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        var delta = choice.putObject("delta");
        choice.putNull("logprobs");
        if (finishReason.isEmpty()) {
            choice.putNull("finish_reason");
        } else {
            choice.put("finish_reason", finishReason);
        }
        if (withUsage) {
            chunk.putNull("usage");
        }
        return delta;
    }

    private void usage() {
        var chunk = chunk();
        chunk.putArray("choices");
        chunk.set("usage", reply.usageTree());
    }

    private ObjectNode chunk() {
        var chunk = reply.frame("chat.completion.chunk").put("service_tier", "default");
        chunks.add(chunk);
        return chunk;
    }

    /** Cuts between code points, never within one. */
    private List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (int start = 0; start < text.length(); ) {
            int left = text.codePointCount(start, text.length());
            int end = text.offsetByCodePoints(start, Math.min(pieceLength, left));
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
