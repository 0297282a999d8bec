package io.sallyport.audit;

import java.time.YearMonth;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Port: the keys that seal payloads. Destroying a key erases every payload that it sealed. The
 * adapter keeps them apart from the log, with another backup.
 */
public interface SubjectKeys {
    /**
     * The key that seals for {@code scope} now, made durable before it is returned. After an
     * erasure it is a new key with a new id, never the destroyed one.
     */
    SubjectKey current(Scope scope);

    /** The AES-256 key with this id and scope, or empty once it was destroyed. */
    Optional<SecretKey> find(Scope scope, String id);

    /**
     * Whose payloads of which month a key seals.
     *
     * @param subject the subject's pseudonym
     */
    record Scope(String tenant, String subject, YearMonth month) {}

    /**
     * A key and its name.
     *
     * @param id random and opaque, never used twice
     */
    record SubjectKey(String id, SecretKey key) {
        @Override
        public String toString() {
            return "SubjectKey[" + id + "]";
        }
    }
}
