package io.sallyport.audit;

import io.sallyport.json.Sha256;
import java.security.MessageDigest;

/** The hashes of RFC 6962 section 2.1 over SHA-256. */
public final class MerkleTree {
    /** Length of every hash. */
    public static final int HASH_BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleTree() {}

    /** Hash of a leaf: SHA-256(0x00 || leaf). */
    public static byte[] leafHash(byte[] leaf) {
        MessageDigest sha = Sha256.begin();
        sha.update(LEAF);
        return sha.digest(leaf);
    }

    /** Hash of an inner node: SHA-256(0x01 || left || right). */
    public static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest sha = Sha256.begin();
        sha.update(NODE);
        sha.update(left);
        return sha.digest(right);
    }

    /** Root of the tree without leaves: SHA-256 of nothing. */
    public static byte[] emptyRoot() {
        return Sha256.begin().digest();
    }
}
