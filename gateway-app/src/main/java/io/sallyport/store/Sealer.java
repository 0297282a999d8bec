package io.sallyport.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals small secrets at rest: AES-256-GCM with a random 96-bit nonce in front (NIST SP 800-38D).
 * The context is authenticated, so a sealed value cannot be moved to another row.
 */
public final class Sealer {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final SecretKey pepper;
    private final byte[] digestKey;
    private final byte[] stateKey;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param master 32 random bytes; the keys in use are derived from it, one per purpose
     */
    public Sealer(byte[] master) {
        if (master.length != 32) {
            throw new StartFailure("the seal key must be 32 bytes");
        }
        key = new SecretKeySpec(mac(master, "seal"), "AES");
        digestKey = mac(master, "digest");
        stateKey = mac(master, "state");
        pepper = new SecretKeySpec(mac(master, "pepper"), "HmacSHA256");
    }

    public byte[] seal(byte[] plain, String context) {
        try {
            var nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            var sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plain.length));
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /**
     * @throws IllegalStateException if the value was sealed under another key or context, or
     *     changed
     */
    public byte[] open(byte[] sealed, String context) {
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), context);
            return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("a sealed value cannot be opened", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** For what clients keep for us: so much of it is sealed that it has a key of its own. */
    Sealer forState() {
        return new Sealer(stateKey);
    }

    /** The key under which API key secrets are stored as HMACs. */
    public SecretKey pepper() {
        return pepper;
    }

    /** A digest that only this installation can compute, as {@code hmac-sha256:} and hex. */
    String digest(byte[] bytes) {
        return "hmac-sha256:" + HexFormat.of().formatHex(mac(digestKey, bytes));
    }

    private static byte[] mac(byte[] master, String purpose) {
        return mac(master, purpose.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] mac(byte[] key, byte[] bytes) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }
}
