package io.sallyport.audit;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a sealed payload holds: the salt of its record's commitments and the text itself. It prints
 * neither.
 *
 * @param salt 32 random bytes
 * @param text what is kept, already redacted
 */
public record Payload(byte[] salt, byte[] text) {
    public Payload {
        salt = salt.clone();
        text = text.clone();
        if (salt.length != Commitment.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes");
        }
    }

    /** Reads what {@link #encode} wrote. */
    static Optional<Payload> decode(byte[] bytes) {
        if (bytes.length < Commitment.SALT_BYTES) {
            return Optional.empty();
        }
        return Optional.of(
                new Payload(
                        Arrays.copyOf(bytes, Commitment.SALT_BYTES),
                        Arrays.copyOfRange(bytes, Commitment.SALT_BYTES, bytes.length)));
    }

    byte[] encode() {
        byte[] bytes = Arrays.copyOf(salt, salt.length + text.length);
        System.arraycopy(text, 0, bytes, salt.length, text.length);
        return bytes;
    }

    int size() {
        return text.length;
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    @Override
    public byte[] text() {
        return text.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload
                && Arrays.equals(salt, payload.salt)
                && Arrays.equals(text, payload.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }

    @Override
    public String toString() {
        return "Payload[" + text.length + " bytes]";
    }
}
