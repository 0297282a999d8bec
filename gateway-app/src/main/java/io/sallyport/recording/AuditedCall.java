package io.sallyport.recording;

import io.sallyport.audit.AuditRecord;

/**
 * What a record says about a call that waits, for the store to complete with the approval.
 *
 * @param requested the {@code approval.requested} record, all but the approval's id
 */
public record AuditedCall(java.util.function.Function<String, AuditRecord> requested) {}
