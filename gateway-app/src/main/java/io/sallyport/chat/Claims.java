package io.sallyport.chat;

import io.sallyport.policy.Principal;
import io.sallyport.policy.TenantId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which run a request belongs to that is made again. All gateways of one database see the same
 * claims, and of several that ask at once one gets the run. What a run has done so far is sealed,
 * and forgotten {@link #KEPT} after its end.
 */
public interface Claims {
    /** How long a run can be found again. */
    Duration KEPT = Duration.ofMinutes(10);

    /**
     * Runs of one tenant that are kept at a time; a principal has at most as many of them as are
     * free then, and so never the last.
     */
    int OF_TENANT = 4_000;

    /**
     * What makes two requests one.
     *
     * @param identity equal for requests that belong to one run
     * @param fingerprint of the whole request: the same identity with another one is a mistake
     * @param keyed whether the caller gave a key, and not only the same request again
     * @param begun {@link System#nanoTime} when it was made first, as far as that is known
     */
    record Asked(
            Principal principal, String identity, String fingerprint, boolean keyed, long begun) {}

    /**
     * The right to go on with a run.
     *
     * @param generation counts who went on with it; only the newest may write
     */
    record Grant(Principal principal, String run, int generation) {}

    /** Where a run stands. */
    enum State {
        /** The model is being asked; no tool was called that may change something. */
        CLAIMED,
        /** Such a tool may be running. */
        CHANGING,
        /** The last such tool has ended, and what it said is kept. */
        BETWEEN,
        /** Whoever asked has left; a repetition goes on from what is kept. */
        LEFT,
        /** There is an answer, and it is on its way. */
        ANSWERING,
        DELIVERED,
        /** It ended without an answer after something may have changed. */
        FAILED;

        /** Whether nobody is at work on the run. */
        public boolean isOver() {
            return switch (this) {
                case CLAIMED, CHANGING, BETWEEN, ANSWERING -> false;
                case LEFT, DELIVERED, FAILED -> true;
            };
        }
    }

    /** What a request finds. */
    sealed interface Found {
        /** Nothing: it is a run of its own. */
        record Nothing() implements Found {}

        /** Nothing, and the run is claimed now. */
        record Claimed(Grant grant) implements Found {}

        /**
         * A run that nobody is at work on; it is claimed now. The journal is empty if none is kept.
         */
        record Unfinished(Grant grant, Optional<byte[]> journal) implements Found {}

        /** A run that has answered. */
        @SuppressWarnings("ArrayRecordComponent") // handed through once, never compared
        record Answered(String run, byte[] journal) implements Found {}

        /**
         * A run that is under way.
         *
         * @param attached whether its answer will be that of this request too, whoever gets it
         *     first
         */
        record UnderWay(String run, boolean attached) implements Found {}

        record Failed(String run) implements Found {}

        /** The key was used for another request. */
        record Mismatch() implements Found {}

        /** Too much is kept for the tenant or its principal. */
        record Full() implements Found {}

        /** Too many requests of the tenant are looked for at once. */
        record Busy() implements Found {}
    }

    /**
     * Finds the run that the request belongs to, or claims its own. Without a key that is the
     * newest, and none that had ended before the request was made first.
     *
     * @param own the run that begins if there is none, absent if none shall be claimed then
     * @param attached the run that the request waits for already
     * @param alive how long the run may take at most
     */
    Found find(Asked request, Optional<String> own, Optional<String> attached, Duration alive)
            throws InterruptedException;

    /** Those of the runs that are under way; of all of them if that cannot be looked at now. */
    Set<String> underWay(TenantId tenant, Set<String> runs) throws InterruptedException;

    /**
     * Claims a run that is under way, before its first tool that may change something is called:
     * {@link Found.Claimed} if it may; anything else if the request was made again since it began.
     */
    Found claim(Asked request, String run, Duration alive);

    /**
     * Says where the run stands now.
     *
     * @param journal replaces what is kept, if it is there
     * @return false if somebody else has gone on with it: whoever asks must do nothing more
     */
    boolean move(Grant grant, State state, Optional<byte[]> journal, Duration alive);

    /** Forgets a run that has changed nothing. */
    void release(Grant grant);
}
