package io.sallyport.audit;

import io.sallyport.json.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The public key of a note's signer (C2SP signed-note, Ed25519). Its text form, the {@code vkey},
 * is {@code <name>+<key id, 8 hex digits>+<base64 of 0x01 and the 32 key bytes>}.
 */
public final class NoteVerifier {
    static final int KEY_BYTES = 32;
    static final int KEY_ID_BYTES = 4;

    private static final byte ED25519 = 1;
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] key;
    private final byte[] keyId;
    private final PublicKey publicKey;

    private NoteVerifier(String name, byte[] key, PublicKey publicKey) {
        this.name = name;
        this.key = key;
        this.keyId = keyId(name, key);
        this.publicKey = publicKey;
    }

    /**
     * A verifier for the 32 bytes of an Ed25519 public key (RFC 8032 section 5.1.5).
     *
     * @throws IllegalArgumentException if the name or the key is not well-formed
     */
    public static NoteVerifier of(String name, byte[] key) {
        if (!isKeyName(name) || key.length != KEY_BYTES) {
            throw new IllegalArgumentException("not a note verifier");
        }
        byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + KEY_BYTES);
        System.arraycopy(key, 0, spki, SPKI_PREFIX.length, KEY_BYTES);
        try {
            PublicKey publicKey =
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
            return new NoteVerifier(name, key.clone(), publicKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key", e);
        }
    }

    /** Reads a vkey; empty when it is malformed, of another algorithm, or its key id is wrong. */
    public static Optional<NoteVerifier> parse(String vkey) {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            if (typed.length != KEY_BYTES + 1 || typed[0] != ED25519) {
                return Optional.empty();
            }
            var verifier = of(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
            return Optional.of(verifier).filter(read -> read.vkey().equals(vkey));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The text form. */
    public String vkey() {
        byte[] typed = new byte[KEY_BYTES + 1];
        typed[0] = ED25519;
        System.arraycopy(key, 0, typed, 1, KEY_BYTES);
        String id = HexFormat.of().formatHex(keyId);
        return name + "+" + id + "+" + Base64.getEncoder().encodeToString(typed);
    }

    public String name() {
        return name;
    }

    /** The same key under another name: one key signs for several logs. */
    public NoteVerifier named(String otherName) {
        return of(otherName, key);
    }

    byte[] keyId() {
        return keyId.clone();
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(publicKey);
            ed25519.update(text);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Whether {@code name} may name a key: not empty, no white space, control character or plus.
     */
    static boolean isKeyName(String name) {
        return !name.isEmpty()
                && name.codePoints().noneMatch(NoteVerifier::isForbiddenInName)
                && StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }

    private static boolean isForbiddenInName(int point) {
        return point == '+'
                || Character.isWhitespace(point)
                || Character.isSpaceChar(point)
                || Character.isISOControl(point);
    }

    private static byte[] keyId(String name, byte[] key) {
        MessageDigest sha = Sha256.begin();
        sha.update(name.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) '\n');
        sha.update(ED25519);
        return Arrays.copyOf(sha.digest(key), KEY_ID_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteVerifier verifier
                && name.equals(verifier.name)
                && Arrays.equals(key, verifier.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(keyId);
    }

    @Override
    public String toString() {
        return vkey();
    }
}
