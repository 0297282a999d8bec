package io.sallyport.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals what a record is about: AES-256-GCM under the key of (tenant, subject, month). The
 * payload's id, key and scope are authenticated with it, so that it cannot be shown under another
 * record. Thread-safe.
 */
public final class PayloadSeal {
    /** Largest payload in bytes; results beyond it are refused long before. */
    public static final int MAX_PAYLOAD = 16 * 1024 * 1024;

    private static final byte FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int ID_BYTES = 16;

    private final SubjectKeys keys;
    private final SecureRandom random;

    public PayloadSeal(SubjectKeys keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** A fresh salt for the commitments of one record. */
    public byte[] salt() {
        return randomBytes(Commitment.SALT_BYTES);
    }

    /** Seals {@code payload} for {@code scope}. */
    public SealedPayload seal(SubjectKeys.Scope scope, Payload payload) {
        if (payload.size() > MAX_PAYLOAD) {
            throw new IllegalArgumentException("the payload is over the limit");
        }
        String id = HexFormat.of().formatHex(randomBytes(ID_BYTES));
        SubjectKeys.SubjectKey key = keys.current(scope);
        byte[] nonce = randomBytes(NONCE_BYTES);
        byte[] associated = associated(id, scope, key.id());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key.key(), nonce, associated);
            byte[] sealed = cipher.doFinal(payload.encode());
            return new SealedPayload(id, scope, key.id(), assemble(nonce, sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /** Opens {@code sealed}, if its key still exists and nothing was changed. */
    public Unsealing open(SealedPayload sealed) {
        var key = keys.find(sealed.scope(), sealed.keyId());
        if (key.isEmpty()) {
            return new Unsealing.Erased();
        }
        return open(sealed, key.get());
    }

    /** The same with its key at hand. */
    static Unsealing open(SealedPayload sealed, SecretKey key) {
        byte[] bytes = sealed.bytes();
        if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] != FORMAT) {
            return new Unsealing.Damaged();
        }
        return decrypt(sealed, key, bytes);
    }

    private static Unsealing decrypt(SealedPayload sealed, SecretKey key, byte[] bytes) {
        byte[] nonce = Arrays.copyOfRange(bytes, 1, 1 + NONCE_BYTES);
        byte[] associated = associated(sealed.id(), sealed.scope(), sealed.keyId());
        int start = 1 + NONCE_BYTES;
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, associated);
            byte[] plain = cipher.doFinal(bytes, start, bytes.length - start);
            return Payload.decode(plain)
                    .<Unsealing>map(Unsealing.Opened::new)
                    .orElseGet(Unsealing.Damaged::new);
        } catch (AEADBadTagException e) {
            return new Unsealing.Damaged();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening failed", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] associated)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }

    /** The parts cannot run into each other: none of them may contain a newline. */
    private static byte[] associated(String id, SubjectKeys.Scope scope, String keyId) {
        String[] parts = {
            "sallyport payload 1",
            scope.tenant(),
            scope.subject(),
            scope.month().toString(),
            keyId,
            id
        };
        for (String part : parts) {
            if (part.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a newline in the scope of a payload");
            }
        }
        return String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] assemble(byte[] nonce, byte[] sealed) {
        var bytes = new ByteArrayOutputStream(1 + nonce.length + sealed.length);
        bytes.write(FORMAT);
        bytes.writeBytes(nonce);
        bytes.writeBytes(sealed);
        return bytes.toByteArray();
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
