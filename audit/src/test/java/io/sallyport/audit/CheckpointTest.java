package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final String ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    private static final Checkpoint EMPTY =
            new Checkpoint("sallyport.example/acme", 0, MerkleTree.emptyRoot());

    @Test
    void writesThreeLines() {
        assertThat(EMPTY.text()).isEqualTo("sallyport.example/acme\n0\n" + ROOT + "\n");
        assertThat(EMPTY.log()).isEqualTo("acme");
        assertThat(Checkpoint.origin("sallyport.example", "acme")).isEqualTo(EMPTY.origin());
    }

    @Test
    void readsWhatItWrites() {
        assertThat(Checkpoint.parse(EMPTY.text())).contains(EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a/b\n0\n" + ROOT,
                "a/b\n00\n" + ROOT + "\n",
                "a/b\n-1\n" + ROOT + "\n",
                "a/b\n+1\n" + ROOT + "\n",
                "a/b\n1 \n" + ROOT + "\n",
                "a/b\n1000000000000000000\n" + ROOT + "\n",
                "a/b\n0\n" + ROOT + "\nextension\n",
                "a/b\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
                "a/b\n0\nAAAA\n",
                "ab\n0\n" + ROOT + "\n",
                "/b\n0\n" + ROOT + "\n",
                "a /b\n0\n" + ROOT + "\n",
                "a/b\r\n0\n" + ROOT + "\n",
                "\n0\n" + ROOT + "\n"
            })
    void refusesEverythingElse(String text) {
        assertThat(Checkpoint.parse(text)).isEmpty();
    }

    @Test
    void refusesWhatIsNoTreeHead() {
        byte[] root = MerkleTree.emptyRoot();
        assertThatIllegalArgumentException().isThrownBy(() -> new Checkpoint("a/b", -1, root));
        assertThatIllegalArgumentException().isThrownBy(() -> new Checkpoint("a b/c", 0, root));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Checkpoint("a/b", 0, new byte[31]));
    }
}
