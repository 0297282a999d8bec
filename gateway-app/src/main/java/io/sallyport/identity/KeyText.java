package io.sallyport.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code sp_}, 16 hex digits of id, {@code _}, 64 hex digits of secret (256
 * bits) and the CRC-32 of all that in 8 hex digits, so that a mistyped key is told from a wrong one
 * without a look-up. Only the secret's HMAC is ever stored.
 */
public final class KeyText {
    private static final Pattern SHAPE = Pattern.compile("sp_[0-9a-f]{16}_[0-9a-f]{72}");
    private static final int ID_START = 3;
    private static final int ID_END = 19;
    private static final int SECRET_START = 20;
    private static final int SECRET_END = 84;
    private static final int LENGTH = 92;

    private final String text;

    private KeyText(String text) {
        this.text = text;
    }

    /** A new random key. */
    public static KeyText mint(SecureRandom random) {
        var id = new byte[8];
        var secret = new byte[32];
        random.nextBytes(id);
        random.nextBytes(secret);
        var hex = HexFormat.of();
        var body = "sp_" + hex.formatHex(id) + "_" + hex.formatHex(secret);
        return new KeyText(body + checksum(body));
    }

    /** Reads what a client sent; empty if it cannot be one of our keys. */
    public static Optional<KeyText> read(String text) {
        var isKey =
                text.length() == LENGTH
                        && SHAPE.matcher(text).matches()
                        && checksum(text.substring(0, SECRET_END))
                                .equals(text.substring(SECRET_END));
        return isKey ? Optional.of(new KeyText(text)) : Optional.empty();
    }

    private static String checksum(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits(crc.getValue(), 8);
    }

    public String id() {
        return text.substring(ID_START, ID_END);
    }

    /** The text itself, shown to its owner once. */
    public String reveal() {
        return text;
    }

    /** HMAC-SHA-256 of the secret under the pepper. */
    public byte[] mac(Pepper pepper) {
        return pepper.mac(text.substring(SECRET_START, SECRET_END));
    }

    /** Compares in constant time. */
    public boolean matches(byte[] stored, Pepper pepper) {
        return MessageDigest.isEqual(stored, mac(pepper));
    }

    @Override
    public String toString() {
        return "KeyText[" + id() + "]";
    }
}
