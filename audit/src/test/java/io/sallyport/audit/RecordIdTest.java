package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIdTest {
    @Test
    void readsWhatItWrites() {
        var id = new RecordId("gw-1", 3, 999_999_999_999_999L);
        assertThat(RecordId.parse(id.toString())).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gw1",
                "gw1:1",
                "gw1:1:",
                "gw1:0:1",
                "gw1:1:0",
                "gw1:01:1",
                "gw1:1:-1",
                ":1:1",
                "GW:1:1",
                "gw 1:1:1",
                "gw1:1:1\n",
                "gw1:1:1:1",
                "gw1:1:1000000000000000",
                "-a:1:1"
            })
    void refusesEverythingElse(String text) {
        assertThat(RecordId.parse(text)).isEmpty();
    }

    @Test
    void aLaneStartsAtOneAndChainsItsRecords() {
        var lane = WriterLane.open("gw1", 2);
        assertThat(lane.next().recordId()).hasToString("gw1:2:1");
        assertThat(lane.next().previous()).containsOnly(0);

        byte[] leaf = {1, 2, 3};
        var second = lane.after(leaf).next();
        assertThat(second.recordId()).hasToString("gw1:2:2");
        assertThat(second.previous()).isEqualTo(MerkleTree.leafHash(leaf));
        assertThat(lane.next().sequence()).isEqualTo(1);
    }

    @Test
    void aFrameRefusesWhatIsNoPlaceInALane() {
        byte[] zeros = new byte[32];
        byte[] hash = MerkleTree.emptyRoot();
        assertThatIllegalArgumentException().isThrownBy(() -> new WriterFrame("GW", 1, 1, zeros));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriterFrame("gw", 0, 1, zeros));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriterFrame("gw", 1, 0, hash));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriterFrame("gw", 1, 1, hash));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriterFrame("gw", 1, 2, zeros));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WriterFrame("gw", 1, 2, new byte[31]));
    }
}
