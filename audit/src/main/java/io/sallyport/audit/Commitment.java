package io.sallyport.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 of some bytes under a random salt. It fixes the bytes without letting anyone guess
 * them: the salt lives only in the sealed payload and dies with its key.
 *
 * @param text {@code hmac-sha256:} and 64 hex digits
 */
public record Commitment(String text) {
    /** Length of a salt in bytes. */
    public static final int SALT_BYTES = 32;

    private static final String PREFIX = "hmac-sha256:";

    /** Commits to {@code bytes}; {@code salt} is 32 random bytes, used for one record only. */
    public static Commitment of(byte[] salt, byte[] bytes) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 32 bytes");
        }
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(salt, "HmacSHA256"));
            return new Commitment(PREFIX + HexFormat.of().formatHex(hmac.doFinal(bytes)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Whether this commits to {@code bytes} under {@code salt}; takes the same time either way. */
    public boolean matches(byte[] salt, byte[] bytes) {
        return MessageDigest.isEqual(ascii(text), ascii(of(salt, bytes).text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
