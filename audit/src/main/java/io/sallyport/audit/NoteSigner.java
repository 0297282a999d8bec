package io.sallyport.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** A named Ed25519 key that signs notes. It prints its name only. Thread-safe. */
public final class NoteSigner {
    private static final byte[] PKCS8_PREFIX =
            HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final int SEED_BYTES = 32;
    private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

    private final NoteVerifier verifier;
    private final byte[] keyPair;
    private final PrivateKey privateKey;

    private NoteSigner(NoteVerifier verifier, byte[] keyPair, PrivateKey privateKey) {
        this.verifier = verifier;
        this.keyPair = keyPair;
        this.privateKey = privateKey;
    }

    /** A signer with a new key. */
    public static NoteSigner generate(String name) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] keyPair = new byte[SEED_BYTES + NoteVerifier.KEY_BYTES];
            copyTail(pair.getPrivate().getEncoded(), keyPair, 0);
            copyTail(pair.getPublic().getEncoded(), keyPair, SEED_BYTES);
            return load(name, keyPair);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /**
     * The signer that {@link #keyPair} described.
     *
     * @throws IllegalArgumentException if the two halves do not belong together
     */
    public static NoteSigner load(String name, byte[] keyPair) {
        if (keyPair.length != SEED_BYTES + NoteVerifier.KEY_BYTES) {
            throw new IllegalArgumentException("a key pair has 64 bytes");
        }
        byte[] key = Arrays.copyOfRange(keyPair, SEED_BYTES, keyPair.length);
        var signer =
                new NoteSigner(NoteVerifier.of(name, key), keyPair.clone(), privateKey(keyPair));
        if (!signer.verifier.verifies(PROBE, signer.sign(PROBE))) {
            throw new IllegalArgumentException("the public key is not that of the private key");
        }
        return signer;
    }

    /** The same key under another name: one key signs for several logs. */
    public NoteSigner named(String name) {
        return new NoteSigner(verifier.named(name), keyPair, privateKey);
    }

    public String name() {
        return verifier.name();
    }

    public NoteVerifier verifier() {
        return verifier;
    }

    /** The secret to store sealed: 32 bytes of RFC 8032 seed, then 32 bytes of public key. */
    public byte[] keyPair() {
        return keyPair.clone();
    }

    byte[] sign(byte[] text) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(privateKey);
            ed25519.update(text);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }

    private static PrivateKey privateKey(byte[] keyPair) {
        byte[] pkcs8 = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_BYTES);
        System.arraycopy(keyPair, 0, pkcs8, PKCS8_PREFIX.length, SEED_BYTES);
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 private key", e);
        }
    }

    private static void copyTail(byte[] encoded, byte[] target, int at) {
        System.arraycopy(encoded, encoded.length - SEED_BYTES, target, at, SEED_BYTES);
    }

    @Override
    public String toString() {
        return "NoteSigner[" + name() + "]";
    }
}
