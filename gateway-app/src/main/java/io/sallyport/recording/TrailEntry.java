package io.sallyport.recording;

import io.sallyport.audit.AuditRecord;
import io.sallyport.audit.RecordId;

/** One record on its way into the log. */
public sealed interface TrailEntry {
    AuditRecord record();

    /** Something that happened and depends on nothing else. */
    record Fact(AuditRecord record) implements TrailEntry {}

    /**
     * The promise to call.
     *
     * @param key written at most once, ever
     * @param sequence the governance sequence that the decision saw
     * @param sealed the sealed arguments
     */
    @SuppressWarnings("ArrayRecordComponent") // handed through once, never compared
    record Intent(AuditRecord record, String key, long sequence, byte[] sealed)
            implements TrailEntry {}

    /**
     * The end of an intent; written even if the store comes back late.
     *
     * @param sealed the sealed salt of the result's commitment, empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed through once, never compared
    record Outcome(AuditRecord record, RecordId intent, byte[] sealed) implements TrailEntry {}
}
