package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for whatever is given as a proof. */
class ProofFuzzTest {
    private static final int SIZE = 45;
    private static final TestLog LOG = TestLog.of(SIZE);
    private static final byte[] ROOT = LOG.root(SIZE);

    /** Which places are changed, and how: the proofs themselves are binary. */
    private static final FuzzInputs CHANGES =
            FuzzInputs.of(
                    IntStream.range(0, SIZE)
                            .mapToObj(it -> "%c4711 a change".formatted((char) it))
                            .toList(),
                    List.of("\u0000\u0001", "\u007f", "zz", " "));

    private static byte[] hash(int level, long index) {
        int first = (int) index << level;
        var tree = new TreeFrontier();
        LOG.leaves
                .subList(first, first + (1 << level))
                .forEach(leaf -> tree.append(MerkleTree.leafHash(leaf)));
        return tree.root();
    }

    @Test
    void holdsForProofsFromASeed() {
        CHANGES.check(getClass(), this::aChangedProofProvesNothing);
    }

    @FuzzTest
    void aChangedProofProvesNothing(byte[] change) {
        var bytes = ByteBuffer.wrap(Arrays.copyOf(change, Math.max(24, change.length)));
        int place = Byte.toUnsignedInt(bytes.get()) % SIZE;
        var leaf = MerkleTree.leafHash(LOG.leaves.get(place));
        var inclusion = Proofs.inclusion(place, SIZE, ProofFuzzTest::hash);
        var changed = changed(inclusion, bytes);
        assertThat(Proofs.verifyInclusion(leaf, place, SIZE, changed, ROOT))
                .isEqualTo(same(inclusion, changed));

        int older = 1 + place;
        var consistency = Proofs.consistency(older, SIZE, ProofFuzzTest::hash);
        var altered = changed(consistency, bytes);
        assertThat(Proofs.verifyConsistency(older, LOG.root(older), SIZE, ROOT, altered))
                .isEqualTo(same(consistency, altered));
        anyNumbersAreAnswered(leaf, bytes.getLong(0), bytes.getLong(8), altered);
    }

    private static void anyNumbersAreAnswered(
            byte[] hash, long one, long other, List<byte[]> proof) {
        boolean contained = Proofs.verifyInclusion(hash, one, other, proof, ROOT);
        boolean continued = Proofs.verifyConsistency(one, hash, other, ROOT, proof);
        assertThat(contained && (one < 0 || one >= other)).isFalse();
        assertThat(continued && (one < 0 || one > other)).isFalse();
    }

    /** The proof with one hash changed, cut, added, dropped or put elsewhere; or as it is. */
    private static List<byte[]> changed(List<byte[]> proof, ByteBuffer change) {
        var changed = new ArrayList<>(proof);
        int at = Byte.toUnsignedInt(change.get(1)) % (proof.size() + 1);
        byte[] hash = at < proof.size() ? proof.get(at).clone() : ROOT.clone();
        switch (change.get(2) & 7) {
            case 0 -> changed.add(at, hash);
            case 1 -> changed.subList(at, changed.size()).clear();
            case 2 -> changed.addAll(at, proof);
            case 3 -> changed.add(at, Arrays.copyOf(hash, change.get(3) & 63));
            case 4 -> changed.addFirst(hash);
            case 5 -> changed.replaceAll(it -> at == 0 ? it : flipped(it, change.get(4)));
            case 6 -> changed.add(new byte[0]);
            default -> {}
        }
        return changed;
    }

    private static byte[] flipped(byte[] hash, byte bit) {
        byte[] flipped = hash.clone();
        flipped[(bit >> 3) & 31] ^= (byte) (1 << (bit & 7));
        return flipped;
    }

    private static boolean same(List<byte[]> one, List<byte[]> other) {
        return texts(one).equals(texts(other));
    }

    private static String texts(List<byte[]> hashes) {
        return hashes.stream().map(Arrays::toString).collect(Collectors.joining());
    }
}
