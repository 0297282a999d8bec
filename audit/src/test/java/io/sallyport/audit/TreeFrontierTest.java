package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeFrontierTest {
    /** Leaves and roots that implementations of RFC 6962 have shared since the first of them. */
    private static final List<String> LEAVES =
            List.of(
                    "",
                    "00",
                    "10",
                    "2021",
                    "3031",
                    "40414243",
                    "5051525354555657",
                    "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS =
            List.of(
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static byte[] leafHash(int index) {
        return MerkleTree.leafHash(HexFormat.of().parseHex(LEAVES.get(index)));
    }

    @Test
    void hasTheKnownRoots() {
        var tree = new TreeFrontier();
        for (int size = 0; size < ROOTS.size(); size++) {
            assertThat(tree.size()).isEqualTo(size);
            assertThat(HexFormat.of().formatHex(tree.root())).isEqualTo(ROOTS.get(size));
            if (size < LEAVES.size()) {
                tree.append(leafHash(size));
            }
        }
    }

    @Test
    void goesOnAfterStorage() {
        var tree = new TreeFrontier();
        for (int i = 0; i < 300; i++) {
            byte[] hash = MerkleTree.leafHash(new byte[] {(byte) i});
            var stored = TreeFrontier.decode(tree.encode());
            assertThat(stored.encode()).isEqualTo(tree.encode());
            stored.append(hash);
            tree.append(hash);
            assertThat(stored.root()).isEqualTo(tree.root());
        }
    }

    @Test
    void aCopyGoesItsOwnWay() {
        var tree = new TreeFrontier();
        tree.append(leafHash(0));
        var copy = tree.copy();
        copy.append(leafHash(1));
        assertThat(HexFormat.of().formatHex(tree.root())).isEqualTo(ROOTS.get(1));
        assertThat(HexFormat.of().formatHex(copy.root())).isEqualTo(ROOTS.get(2));
    }

    @Test
    void refusesWhatIsNoFrontier() {
        var tree = new TreeFrontier();
        tree.append(leafHash(0));
        byte[] good = tree.encode();
        byte[] wrongSize = good.clone();
        wrongSize[7] = 3;
        byte[] negative = good.clone();
        negative[0] = (byte) 0x80;
        byte[] cut = Arrays.copyOf(good, good.length - 1);
        for (byte[] bad : List.of(wrongSize, negative, cut, new byte[0])) {
            assertThatIllegalArgumentException().isThrownBy(() -> TreeFrontier.decode(bad));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> tree.append(new byte[31]));
    }
}
