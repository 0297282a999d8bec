package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProofsTest {
    private static final int SIZES = 200;

    private final List<List<byte[]>> levels = levels();
    private final List<byte[]> roots = roots();

    private static List<List<byte[]>> levels() {
        List<List<byte[]>> levels = new ArrayList<>();
        List<byte[]> level = new ArrayList<>();
        for (int i = 0; i < SIZES; i++) {
            level.add(MerkleTree.leafHash(new byte[] {(byte) i}));
        }
        for (; !level.isEmpty(); level = parents(level)) {
            levels.add(level);
        }
        return levels;
    }

    private static List<byte[]> parents(List<byte[]> level) {
        List<byte[]> parents = new ArrayList<>();
        for (int i = 0; i + 1 < level.size(); i += 2) {
            parents.add(MerkleTree.nodeHash(level.get(i), level.get(i + 1)));
        }
        return parents;
    }

    private List<byte[]> roots() {
        var tree = new TreeFrontier();
        List<byte[]> roots = new ArrayList<>(List.of(tree.root()));
        for (byte[] leaf : levels.getFirst()) {
            tree.append(leaf);
            roots.add(tree.root());
        }
        return roots;
    }

    private byte[] read(int level, long index) {
        return levels.get(level).get((int) index);
    }

    private byte[] leaf(long index) {
        return read(0, index);
    }

    @Test
    void readerAndFrontierAgreeOnEveryRoot() {
        for (int size = 0; size <= SIZES; size++) {
            assertThat(Proofs.root(size, this::read)).isEqualTo(roots.get(size));
        }
    }

    @Test
    void everyLeafOfEveryTreeHasAnInclusionProof() {
        for (int size = 1; size <= SIZES; size++) {
            for (int index = 0; index < size; index++) {
                var proof = Proofs.inclusion(index, size, this::read);
                assertThat(included(index, index, size, proof)).isTrue();
                assertThat(included((index + 1) % SIZES, index, size, proof)).isFalse();
                assertThat(included(index, index + 1, size, proof)).isFalse();
                assertThat(included(index, index, size - 1, proof)).isFalse();
            }
        }
    }

    private boolean included(int leaf, int index, int size, List<byte[]> proof) {
        return Proofs.verifyInclusion(leaf(leaf), index, size, proof, roots.get(size));
    }

    @Test
    void aProofDoesNotPassForAnotherSize() {
        for (int size = 1; size < SIZES; size++) {
            var proof = Proofs.inclusion(0, size, this::read);
            assertThat(Proofs.verifyInclusion(leaf(0), 0, size, proof, roots.get(size + 1)))
                    .isFalse();
        }
    }

    @Test
    void everyTreeIsConsistentWithEveryLaterOne() {
        for (int newer = 0; newer <= SIZES; newer++) {
            for (int older = 0; older <= newer; older++) {
                var proof = Proofs.consistency(older, newer, this::read);
                assertThat(consistent(older, newer, proof)).isTrue();
                assertThat(forged(older, newer, proof)).isFalse();
            }
        }
    }

    private boolean consistent(int older, int newer, List<byte[]> proof) {
        return Proofs.verifyConsistency(older, roots.get(older), newer, roots.get(newer), proof);
    }

    private boolean forged(int older, int newer, List<byte[]> proof) {
        byte[] otherRoot = MerkleTree.leafHash(roots.get(older));
        byte[] otherNewer = MerkleTree.leafHash(roots.get(newer));
        return Proofs.verifyConsistency(older, otherRoot, newer, roots.get(newer), proof)
                || older > 0
                        && Proofs.verifyConsistency(
                                older, roots.get(older), newer, otherNewer, proof);
    }

    @Test
    void aProofWithAChangedMissingOrExtraHashFails() {
        for (int size = 2; size <= 64; size++) {
            var inclusion = Proofs.inclusion(size / 2, size, this::read);
            for (var bad : variations(inclusion)) {
                assertThat(included(size / 2, size / 2, size, bad)).isFalse();
            }
            var consistency = Proofs.consistency(size / 2, size, this::read);
            for (var bad : variations(consistency)) {
                assertThat(consistent(size / 2, size, bad)).isFalse();
            }
        }
    }

    private static List<List<byte[]>> variations(List<byte[]> proof) {
        List<List<byte[]>> variations = new ArrayList<>();
        for (int i = 0; i < proof.size(); i++) {
            List<byte[]> without = new ArrayList<>(proof);
            without.remove(i);
            variations.add(without);
            List<byte[]> changed = new ArrayList<>(proof);
            changed.set(i, MerkleTree.leafHash(proof.get(i)));
            variations.add(changed);
            List<byte[]> shortened = new ArrayList<>(proof);
            shortened.set(i, new byte[31]);
            variations.add(shortened);
        }
        List<byte[]> longer = new ArrayList<>(proof);
        longer.add(MerkleTree.emptyRoot());
        variations.add(longer);
        return variations;
    }

    @Test
    void refusesImpossibleQuestions() {
        assertThatIllegalArgumentException().isThrownBy(() -> Proofs.inclusion(3, 3, this::read));
        assertThatIllegalArgumentException().isThrownBy(() -> Proofs.inclusion(-1, 3, this::read));
        assertThatIllegalArgumentException().isThrownBy(() -> Proofs.consistency(4, 3, this::read));
        assertThat(Proofs.verifyInclusion(leaf(0), -1, 3, List.of(), roots.get(3))).isFalse();
        assertThat(Proofs.verifyConsistency(4, roots.get(4), 3, roots.get(3), List.of())).isFalse();
        assertThat(Proofs.verifyConsistency(-1, roots.get(0), 3, roots.get(3), List.of()))
                .isFalse();
    }
}
