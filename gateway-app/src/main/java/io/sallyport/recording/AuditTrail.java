package io.sallyport.recording;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.RecordId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The durable end of the audit log. */
public interface AuditTrail {
    /**
     * Queues an entry for the next commit. The future never fails: it completes with {@link
     * Appended.Written} once the entry is on disk. For a fact it completes within {@link
     * #PATIENCE}.
     */
    CompletableFuture<Appended> submit(TrailEntry entry);

    /**
     * Submits and waits, at most {@link #PATIENCE}. An intent that turns up on disk after its
     * caller gave up is closed as {@code not_sent} by the trail itself.
     */
    default Appended append(TrailEntry entry) throws InterruptedException {
        return append(entry, PATIENCE);
    }

    /** The same for a caller that has waited for the store before, and so waits less now. */
    Appended append(TrailEntry entry, Duration patience) throws InterruptedException;

    /** Submits a fact that nothing waits for; it is lost only with the store itself. */
    void report(AuditRecord record);

    /**
     * Longest wait for a commit before the caller is refused: within two seconds, the way there and
     * back included.
     */
    Duration PATIENCE = Duration.ofMillis(1_800);

    /** What became of an entry. */
    sealed interface Appended {
        record Written(RecordId id) implements Appended {}

        /** The tenant's governance sequence moved since the decision; nothing was written. */
        record Stale() implements Appended {}

        /** An intent with this key, or an outcome of this intent, exists already. */
        record Duplicate() implements Appended {}

        /** The log cannot be written now; what depends on it must not happen. */
        record Unavailable() implements Appended {}
    }
}
