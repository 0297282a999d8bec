package io.sallyport.chat;

import java.util.List;

/**
 * How a run answers.
 *
 * @param round the last round
 * @param text what the client reads
 * @param calls the client's own calls that it has to make now
 */
record RunAnswer(Round round, String text, List<RequestedCall> calls, String finish) {
    RunAnswer {
        calls = List.copyOf(calls);
    }

    /** The last round was answered by the model, or asks the client for something. */
    static RunAnswer of(Round round, String text, Turn turn) {
        return new RunAnswer(round, text, turn.client(), finish(round, turn));
    }

    /** A limit was reached: whatever the last round still asks for is dropped. */
    static RunAnswer cutOff(Round round, String text) {
        var finish = round.calls().isEmpty() ? round.finish() : FinishReason.LENGTH;
        return new RunAnswer(round, text, List.of(), finish);
    }

    private static String finish(Round round, Turn turn) {
        var finish = round.finish();
        if (turn.client().isEmpty()) {
            return finish.equals(FinishReason.TOOL_CALLS) ? FinishReason.STOP : finish;
        }
        return turn.server().isEmpty() ? finish : FinishReason.TOOL_CALLS;
    }
}
