package io.sallyport.samples.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the model answers once.
 *
 * @param text may be empty; <code>{{results}}</code> in it becomes what the tools of this turn said
 * @param calls made in parallel, in this order
 * @param finishReason {@code stop}, {@code tool_calls}, {@code length} or {@code content_filter}
 * @param usage what it claims to cost; empty means an estimate from the lengths
 * @param delivery how it reaches the client
 * @param errorStatus not 0: an HTTP error of this status instead of an answer
 */
public record Round(
        String text,
        List<Call> calls,
        String finishReason,
        Optional<Usage> usage,
        Delivery delivery,
        int errorStatus) {

    public Round {
        calls = List.copyOf(calls);
    }

    /** A final answer. */
    public static Round says(String text) {
        return new Round(text, List.of(), "stop", Optional.empty(), Delivery.PROMPT, 0);
    }

    /** One tool call; {@link #and} adds parallel ones. */
    public static Round calls(String tool, String arguments) {
        return says("").and(tool, arguments);
    }

    /** An HTTP error. */
    public static Round fails(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("an error has a status from 400 to 599");
        }
        return new Round("", List.of(), "stop", Optional.empty(), Delivery.PROMPT, status);
    }

    /** The same with one more call at the end. */
    public Round and(String tool, String arguments) {
        var more = Stream.concat(calls.stream(), Stream.of(new Call(tool, arguments))).toList();
        return new Round(text, more, "tool_calls", usage, delivery, errorStatus);
    }

    /** The same, ended for another reason than its content suggests. */
    public Round finishing(String reason) {
        return new Round(text, calls, reason, usage, delivery, errorStatus);
    }

    /** The same, with a price. */
    public Round costing(int promptTokens, int completionTokens) {
        var cost = Optional.of(new Usage(promptTokens, completionTokens));
        return new Round(text, calls, finishReason, cost, delivery, errorStatus);
    }

    /** The same with {@code pause} before each chunk. */
    public Round pausing(Duration pause) {
        return delivered(new Delivery(delivery.pieceLength(), pause, delivery.cutAfter()));
    }

    /** The same; in a stream the connection breaks after {@code chunks} chunks. */
    public Round cutAfter(int chunks) {
        return delivered(new Delivery(delivery.pieceLength(), delivery.pause(), chunks));
    }

    /** The same in pieces of at most {@code codePoints}. */
    public Round inPiecesOf(int codePoints) {
        return delivered(new Delivery(codePoints, delivery.pause(), delivery.cutAfter()));
    }

    private Round delivered(Delivery other) {
        return new Round(text, calls, finishReason, usage, other, errorStatus);
    }
}
