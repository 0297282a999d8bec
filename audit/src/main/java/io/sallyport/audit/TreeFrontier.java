package io.sallyport.audit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * All that is needed to append to a tree and to tell its root: the roots of its complete subtrees,
 * at most one per bit of its size. Not thread-safe; {@link #copy()} before trying something.
 */
public final class TreeFrontier {
    /** Most leaves that a tree can hold; far above what a log reaches. */
    private static final long MAX_SIZE = 1L << 48;

    private final Deque<byte[]> peaks = new ArrayDeque<>(); // the smallest subtree first
    private long size;

    /** The frontier of a tree without leaves. */
    public TreeFrontier() {}

    public long size() {
        return size;
    }

    /** Adds a leaf by its {@link MerkleTree#leafHash}. */
    public void append(byte[] leafHash) {
        byte[] hash = checked(leafHash).clone();
        for (long bits = size; (bits & 1) == 1; bits >>= 1) {
            hash = MerkleTree.nodeHash(peaks.pop(), hash);
        }
        peaks.push(hash);
        size++;
    }

    /** The root at the present size. */
    public byte[] root() {
        Iterator<byte[]> smallestFirst = peaks.iterator();
        if (!smallestFirst.hasNext()) {
            return MerkleTree.emptyRoot();
        }
        byte[] root = smallestFirst.next();
        while (smallestFirst.hasNext()) {
            root = MerkleTree.nodeHash(smallestFirst.next(), root);
        }
        return root.clone();
    }

    public TreeFrontier copy() {
        return decode(encode());
    }

    /** For storage: the size as 8 bytes, big-endian, then the subtree roots, the largest first. */
    public byte[] encode() {
        var bytes = ByteBuffer.allocate(Long.BYTES + peaks.size() * MerkleTree.HASH_BYTES);
        bytes.putLong(size);
        peaks.descendingIterator().forEachRemaining(bytes::put);
        return bytes.array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if the bytes cannot be a frontier
     */
    public static TreeFrontier decode(byte[] bytes) {
        if (bytes.length < Long.BYTES) {
            throw new IllegalArgumentException("not a tree frontier");
        }
        var in = ByteBuffer.wrap(bytes);
        long size = in.getLong();
        int expected = Long.bitCount(size) * MerkleTree.HASH_BYTES;
        if (size < 0 || size > MAX_SIZE || in.remaining() != expected) {
            throw new IllegalArgumentException("not a tree frontier");
        }
        var frontier = new TreeFrontier();
        frontier.size = size;
        hashes(in).forEach(frontier.peaks::push);
        return frontier;
    }

    private static List<byte[]> hashes(ByteBuffer in) {
        List<byte[]> hashes = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] hash = new byte[MerkleTree.HASH_BYTES];
            in.get(hash);
            hashes.add(hash);
        }
        return hashes;
    }

    private static byte[] checked(byte[] hash) {
        if (hash.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException("not a SHA-256 hash");
        }
        return hash;
    }
}
