package io.sallyport.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Inclusion and consistency proofs of RFC 6962 section 2.1, verified as in RFC 9162. */
public final class Proofs {
    private Proofs() {}

    /** The proof that leaf {@code index} is in the tree of {@code size} leaves. */
    public static List<byte[]> inclusion(long index, long size, HashReader hashes) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no such leaf in a tree of that size");
        }
        List<byte[]> proof = new ArrayList<>();
        path(index, new Range(0, size), hashes, proof);
        return proof;
    }

    /** The proof that the tree of {@code older} leaves is a prefix of the one of {@code newer}. */
    public static List<byte[]> consistency(long older, long newer, HashReader hashes) {
        if (older < 0 || older > newer) {
            throw new IllegalArgumentException("the older tree is the smaller one");
        }
        List<byte[]> proof = new ArrayList<>();
        if (older > 0 && older < newer) {
            prefix(older, new Range(0, newer), hashes, proof);
        }
        return proof;
    }

    /** The root of the tree of {@code size} leaves. */
    public static byte[] root(long size, HashReader hashes) {
        return size == 0 ? MerkleTree.emptyRoot() : new Range(0, size).hash(hashes);
    }

    /** RFC 9162 section 2.1.3.2. */
    public static boolean verifyInclusion(
            byte[] leafHash, long index, long size, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size || !areHashes(proof)) {
            return false;
        }
        long node = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = MerkleTree.nodeHash(sibling, hash);
                int shift = node == 0 ? 0 : Long.numberOfTrailingZeros(node);
                node >>= shift;
                last >>= shift;
            } else {
                hash = MerkleTree.nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /** RFC 9162 section 2.1.4.2. The empty tree is a prefix of every tree. */
    public static boolean verifyConsistency(
            long older, byte[] olderRoot, long newer, byte[] newerRoot, List<byte[]> proof) {
        if (older < 0 || older > newer || !areHashes(proof)) {
            return false;
        }
        if (older == newer) {
            return proof.isEmpty() && Arrays.equals(olderRoot, newerRoot);
        }
        if (older == 0) {
            return proof.isEmpty() && Arrays.equals(olderRoot, MerkleTree.emptyRoot());
        }
        List<byte[]> nodes = new ArrayList<>(proof);
        if (Long.bitCount(older) == 1) {
            nodes.addFirst(olderRoot);
        }
        return !nodes.isEmpty() && leadsToBoth(older, olderRoot, newer, newerRoot, nodes);
    }

    private static boolean leadsToBoth(
            long older, byte[] olderRoot, long newer, byte[] newerRoot, List<byte[]> nodes) {
        int shared = Long.numberOfTrailingZeros(older);
        long node = older - 1 >> shared;
        long last = newer - 1 >> shared;
        byte[] olderHash = nodes.getFirst();
        byte[] newerHash = olderHash;
        for (byte[] sibling : nodes.subList(1, nodes.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                olderHash = MerkleTree.nodeHash(sibling, olderHash);
                newerHash = MerkleTree.nodeHash(sibling, newerHash);
                int shift = node == 0 ? 0 : Long.numberOfTrailingZeros(node);
                node >>= shift;
                last >>= shift;
            } else {
                newerHash = MerkleTree.nodeHash(newerHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0
                && Arrays.equals(olderHash, olderRoot)
                && Arrays.equals(newerHash, newerRoot);
    }

    private static void path(long index, Range range, HashReader hashes, List<byte[]> proof) {
        if (range.size() == 1) {
            return;
        }
        boolean isLeft = index < range.right().start();
        path(index, isLeft ? range.left() : range.right(), hashes, proof);
        proof.add((isLeft ? range.right() : range.left()).hash(hashes));
    }

    private static void prefix(long older, Range range, HashReader hashes, List<byte[]> proof) {
        if (older == range.end()) {
            if (range.start() > 0) {
                proof.add(range.hash(hashes));
            }
            return;
        }
        boolean endsLeft = older <= range.right().start();
        prefix(older, endsLeft ? range.left() : range.right(), hashes, proof);
        proof.add((endsLeft ? range.right() : range.left()).hash(hashes));
    }

    private static boolean areHashes(List<byte[]> proof) {
        return proof.stream().allMatch(hash -> hash.length == MerkleTree.HASH_BYTES);
    }

    /** Leaves from {@code start} on, as the recursion of RFC 6962 splits them. */
    private record Range(long start, long size) {
        long end() {
            return start + size;
        }

        Range left() {
            return new Range(start, split());
        }

        Range right() {
            return new Range(start + split(), size - split());
        }

        /** The largest power of two smaller than the size. */
        private long split() {
            return Long.highestOneBit(size - 1);
        }

        byte[] hash(HashReader hashes) {
            if (Long.bitCount(size) == 1) {
                int level = Long.numberOfTrailingZeros(size);
                return hashes.read(level, start >> level);
            }
            return MerkleTree.nodeHash(left().hash(hashes), right().hash(hashes));
        }
    }
}
