package io.sallyport.audit;

import java.util.Comparator;
import java.util.List;

/** What a verifier can say of a log, with the exit code of the command line. */
public enum Verdict {
    /** Every record is covered and agrees with a checkpoint from outside. */
    OK(0),
    /** A record or the log's own statement is not what was written. */
    TAMPERED(10),
    /**
     * Records are missing between others, or before the log's own checkpoint, or are in no tree.
     */
    GAP(11),
    /** The key signed two histories that contradict each other. */
    FORK(12),
    /** The log is whole but ends before a checkpoint from outside. */
    ROLLED_BACK(13),
    /** Nothing wrong, but no checkpoint from outside says that it is the same log. */
    UNANCHORED(14),
    /** Nothing wrong, but the newest record is older than allowed. */
    STALE(15),
    /** A sealed payload or its key is missing and no erasure or retention record says why. */
    UNAUTHORISED_LOSS(16),
    /** The question could not be answered: unreadable input, foreign checkpoint, no key. */
    CANNOT_VERIFY(20);

    /**
     * From what an attacker did to what the caller left out. A doubt about the log itself outranks
     * a question that could not be answered, so that no unreadable checkpoint hides a change.
     */
    static final Comparator<Verdict> GRAVEST_FIRST =
            Comparator.comparingInt(
                    List.of(
                                    TAMPERED,
                                    FORK,
                                    ROLLED_BACK,
                                    GAP,
                                    UNAUTHORISED_LOSS,
                                    CANNOT_VERIFY,
                                    UNANCHORED,
                                    STALE,
                                    OK)
                            ::indexOf);

    private final int exitCode;

    Verdict(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** This verdict or the other, whichever is graver; the exit codes have no such order. */
    public Verdict gravest(Verdict other) {
        return GRAVEST_FIRST.compare(this, other) <= 0 ? this : other;
    }
}
