package io.sallyport.recording;

import io.sallyport.audit.AuditRecord;
import io.sallyport.policy.TenantId;
import java.util.Optional;

/** Seals what a record vouches for, under a key that dies with its subject. */
public interface Payloads {
    /**
     * Stands for a person or service in records; the same for the same subject until it is erased.
     */
    String pseudonym(TenantId tenant, String subject);

    /**
     * The same if it is in memory, as it is for the owner of every key that a view holds. Never
     * waits, so event loops may ask; they leave the rest to a worker.
     */
    Optional<String> knownPseudonym(TenantId tenant, String subject);

    /**
     * Commits to {@code bytes} under a fresh salt, and seals the salt together with {@code kept}.
     */
    Sealing seal(TenantId tenant, String pseudonym, byte[] bytes, byte[] kept);

    /**
     * @param commitment to the bytes, for the leaf
     * @param reference to the sealed payload, for the leaf
     * @param sealed the payload itself
     */
    @SuppressWarnings("ArrayRecordComponent") // handed through once, never compared
    record Sealing(AuditRecord.Committed commitment, AuditRecord.Sealed reference, byte[] sealed) {}
}
