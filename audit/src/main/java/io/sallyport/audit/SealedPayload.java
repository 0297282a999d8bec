package io.sallyport.audit;

import io.sallyport.json.Sha256;
import java.util.Arrays;

/**
 * A payload as it is stored: unreadable without its key.
 *
 * @param id random id, 32 hex digits
 * @param keyId id of the key that sealed it
 * @param bytes format byte 1, 12 bytes of nonce, AES-256-GCM ciphertext with its 16-byte tag
 */
public record SealedPayload(String id, SubjectKeys.Scope scope, String keyId, byte[] bytes) {
    public SealedPayload {
        bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** What the record says about this payload. */
    public AuditRecord.Sealed reference() {
        return new AuditRecord.Sealed(
                id, keyId, scope.subject(), scope.month().toString(), digest(bytes));
    }

    /** Digest of sealed bytes as a leaf names it. */
    static String digest(byte[] sealed) {
        return Sha256.of(sealed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedPayload payload
                && id.equals(payload.id)
                && scope.equals(payload.scope)
                && keyId.equals(payload.keyId)
                && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "SealedPayload[" + id + "]";
    }
}
