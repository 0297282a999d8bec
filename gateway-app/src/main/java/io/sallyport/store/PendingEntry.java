package io.sallyport.store;

import io.sallyport.audit.LeafBody;
import io.sallyport.recording.AuditTrail;
import io.sallyport.recording.AuditTrail.Appended;
import io.sallyport.recording.TrailEntry;
import java.util.concurrent.CompletableFuture;

/** One entry that waits for its commit, and the caller that waits for it. */
record PendingEntry(
        TrailEntry entry, LeafBody body, CompletableFuture<Appended> done, long deadlineNanos) {
    static PendingEntry of(TrailEntry entry, LeafBody body) {
        var deadline = System.nanoTime() + AuditTrail.PATIENCE.toNanos();
        return new PendingEntry(entry, body, new CompletableFuture<>(), deadline);
    }

    void complete(Appended appended) {
        done.complete(appended);
    }

    /** Nobody waits for ever; but an outcome is still to be written. */
    void giveUp() {
        if (!(entry instanceof TrailEntry.Outcome)) {
            complete(new Appended.Unavailable());
        }
    }

    boolean isOverdue() {
        return !(entry instanceof TrailEntry.Outcome) && System.nanoTime() > deadlineNanos;
    }
}
