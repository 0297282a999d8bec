package io.sallyport.audit;

/** What a verifier can say of a log, with the exit code of the command line. */
public enum Verdict {
    /** Every record is covered and agrees with a checkpoint from outside. */
    OK(0),
    /** A record or the log's own statement is not what was written. */
    TAMPERED(10),
    /** Records are missing between others, or before the log's own checkpoint. */
    GAP(11),
    /** The key signed two histories that contradict each other. */
    FORK(12),
    /** The log is whole but ends before a checkpoint from outside. */
    ROLLED_BACK(13),
    /** Nothing wrong, but no checkpoint from outside says that it is the same log. */
    UNANCHORED(14),
    /** Nothing wrong, but the newest record is older than allowed. */
    STALE(15),
    /** A sealed payload is missing and no erasure or retention record says why. */
    UNAUTHORISED_LOSS(16),
    /** The question could not be answered: unreadable input, foreign or damaged checkpoint. */
    CANNOT_VERIFY(20);

    private final int exitCode;

    Verdict(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
