package io.sallyport.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a log must show beyond being whole.
 *
 * @param notBeforeMicros age that the newest record that a checkpoint covers must reach, in
 *     microseconds since the epoch; -1 for any
 * @param payloads whether a log whose payloads cannot be checked is not verified
 */
public record Demands(long notBeforeMicros, boolean payloads) {
    /** Nothing more. */
    public static final Demands NONE = new Demands(-1, false);

    static Demands notBefore(Instant time) {
        return new Demands(Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, time)), false);
    }

    /** Payloads must be there to check. */
    public Demands withPayloads() {
        return new Demands(notBeforeMicros, true);
    }
}
