package io.sallyport.gate;

import java.util.Optional;

/**
 * How one attempt ended, and where the log says so.
 *
 * @param record id ({@code writer:epoch:wseq}) of the durable record; empty only when nothing was
 *     written
 */
public record CallResult(CallOutcome outcome, Optional<String> record) {
    /** Of an attempt that is on no record. */
    public static CallResult unrecorded(CallOutcome outcome) {
        return new CallResult(outcome, Optional.empty());
    }
}
