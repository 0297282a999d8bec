package io.sallyport.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for whatever is given as a signed note, a checkpoint, a public key or a receipt. */
class NoteFuzzTest {
    private static final NoteVerifier KEY = TestLog.KEY.verifier();
    private static final TestLog LOG = TestLog.of(3);
    private static final List<String> SIGNED = List.of(text(2), text(3));
    private static final FuzzInputs NOTES =
            FuzzInputs.of(
                    List.of(
                            LOG.checkpoint(2),
                            LOG.checkpoint(3),
                            LOG.checkpoint(3) + "— witness.example/w AAAAAAAA\n",
                            SIGNED.getFirst(),
                            KEY.vkey(),
                            "n1-c:3:4711"),
                    List.of("— ", "\n\n", "\n", "+", " ", "/", "A", "=", "0", "\u00a0", "\ufffd"));

    private static String text(int size) {
        return new Checkpoint(TestLog.KEY.name(), size, LOG.root(size)).text();
    }

    @Test
    void holdsForNotesFromASeed() {
        NOTES.check(getClass(), this::isRefusedOrReadTheSameAgain);
    }

    @FuzzTest
    void isRefusedOrReadTheSameAgain(byte[] input) {
        String text = FuzzInputs.text(input);
        switch (SignedNote.open(text, List.of(KEY))) {
            case NoteOpening.Opened(String opened, var _) -> assertThat(opened).isIn(SIGNED);
            case NoteOpening.Refused _ ->
                    assertThat(VouchedCheckpoint.open(text, KEY).checkpoint()).isEmpty();
        }
        Checkpoint.parse(text).ifPresent(it -> assertThat(it.text()).isEqualTo(text));
        NoteVerifier.parse(text).ifPresent(it -> assertThat(it.vkey()).isEqualTo(text));
        RecordId.parse(text).ifPresent(it -> assertThat(it).hasToString(text));
    }
}
