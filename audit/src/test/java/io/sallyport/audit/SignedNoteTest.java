package io.sallyport.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    private static final NoteSigner SIGNER = TestLog.KEY;
    private static final NoteVerifier VERIFIER = SIGNER.verifier();
    private static final NoteSigner OTHER = NoteSigner.generate("witness.example/w");
    private static final String TEXT = "one\n\ntwo é\n";
    private static final String NOTE = SignedNote.sign(TEXT, SIGNER);

    private static NoteOpening open(String note) {
        return SignedNote.open(note, List.of(VERIFIER));
    }

    private static NoteOpening refused(NoteOpening.Reason reason) {
        return new NoteOpening.Refused(reason);
    }

    private static final NoteOpening OPENED = new NoteOpening.Opened(TEXT, List.of(VERIFIER));

    @Test
    void opensWhatItSigned() {
        assertThat(open(NOTE)).isEqualTo(OPENED);
    }

    @Test
    void opensANoteWithMoreSignatures() {
        String both = NOTE + signatureLine(SignedNote.sign(TEXT, OTHER));
        assertThat(open(both)).isEqualTo(OPENED);
        assertThat(SignedNote.open(both, List.of(VERIFIER, OTHER.verifier())))
                .isEqualTo(new NoteOpening.Opened(TEXT, List.of(VERIFIER, OTHER.verifier())));
    }

    @Test
    void oneBadSignatureOfAKnownKeySpoilsTheNote() {
        String bad = NOTE + signatureLine(SignedNote.sign("other\n", OTHER));
        assertThat(open(bad)).isEqualTo(OPENED);
        assertThat(SignedNote.open(bad, List.of(VERIFIER, OTHER.verifier())))
                .isEqualTo(refused(NoteOpening.Reason.BAD_SIGNATURE));
    }

    @Test
    void ignoresStrangers() {
        String note = SignedNote.sign(TEXT, OTHER);
        assertThat(open(note)).isEqualTo(refused(NoteOpening.Reason.UNKNOWN_KEY));
        assertThat(open(SignedNote.sign(TEXT, SIGNER.named("other.example/x"))))
                .isEqualTo(refused(NoteOpening.Reason.UNKNOWN_KEY));
        assertThat(open(SignedNote.sign(TEXT, NoteSigner.generate(SIGNER.name()))))
                .isEqualTo(refused(NoteOpening.Reason.UNKNOWN_KEY));
    }

    @Test
    void noByteOfANoteCanChange() {
        byte[] note = NOTE.getBytes(UTF_8);
        for (int i = 0; i < note.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = note.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThat(open(new String(changed, UTF_8)))
                        .as("byte %d bit %d", i, bit)
                        .isInstanceOf(NoteOpening.Refused.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\n\n",
                "text\n",
                "text\n\n",
                "text\n\n\n",
                "text\n\n— name\n",
                "text\n\n— name AAAAAAA=",
                "text\n\n— name AAAAAAA=\n\n",
                "text\n\n- name AAAAAAA=\n",
                "text\n\n— na+me AAAAAAA=\n",
                "text\n\n—  AAAAAAA=\n",
                "text\n\n— name AAAAAA==\n",
                "text\n\n— name AAAAAAB=\n",
                "text\n\n— name AAAAAAA= \n",
                "text\n\n— name ?\n",
                "te\rxt\n\n— name AAAAAAA=\n",
                "te\u0000xt\n\n— name AAAAAAA=\n"
            })
    void refusesWhatIsNoNote(String note) {
        assertThat(open(note)).isEqualTo(refused(NoteOpening.Reason.MALFORMED));
    }

    @Test
    void refusesTooManySignaturesAndOversizedNotes() {
        String line = "— name AAAAAAA=\n";
        assertThat(open(NOTE + line.repeat(99))).isEqualTo(OPENED);
        assertThat(open(NOTE + line.repeat(100))).isEqualTo(refused(NoteOpening.Reason.MALFORMED));
        assertThat(open("x".repeat(SignedNote.MAX_CHARS) + NOTE))
                .isEqualTo(refused(NoteOpening.Reason.MALFORMED));
    }

    @Test
    void signsOnlyNoteTexts() {
        for (String bad : List.of("", "\n", "no newline", "tab\t\n", "\ud800\n")) {
            assertThatIllegalArgumentException().isThrownBy(() -> SignedNote.sign(bad, SIGNER));
        }
    }

    @Test
    void aVerifierKeyReadsBack() {
        assertThat(NoteVerifier.parse(VERIFIER.vkey())).contains(VERIFIER);
        assertThat(VERIFIER.vkey())
                .isEqualTo(
                        "sallyport.example/acme+3ece794d"
                                + "+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea");
    }

    @Test
    void noByteOfAVerifierKeyCanChange() {
        byte[] vkey = VERIFIER.vkey().getBytes(UTF_8);
        for (int i = 0; i < vkey.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = vkey.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThat(NoteVerifier.parse(new String(changed, ISO_8859_1)))
                        .as("byte %d bit %d", i, bit)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a+b", "a+b+c", "a+00000000+AQ==", "+00000000+AQ==", "++"})
    void refusesWhatIsNoVerifierKey(String vkey) {
        assertThat(NoteVerifier.parse(vkey)).isEmpty();
    }

    @Test
    void aSignerKeepsItsKeyThroughStorage() {
        var loaded = NoteSigner.load(OTHER.name(), OTHER.keyPair());
        assertThat(loaded.verifier()).isEqualTo(OTHER.verifier());
        assertThat(SignedNote.sign(TEXT, loaded)).isEqualTo(SignedNote.sign(TEXT, OTHER));
    }

    @Test
    void aSignerRefusesHalvesOfDifferentKeys() {
        byte[] mixed = OTHER.keyPair();
        System.arraycopy(SIGNER.keyPair(), 32, mixed, 32, 32);
        assertThatIllegalArgumentException().isThrownBy(() -> NoteSigner.load("a/b", mixed));
        assertThatIllegalArgumentException().isThrownBy(() -> NoteSigner.load("a/b", new byte[63]));
    }

    @Test
    void aSignerPrintsOnlyItsName() {
        assertThat(OTHER).hasToString("NoteSigner[witness.example/w]");
    }

    @Test
    void namesWithSpacesOrPlusAreNoKeyNames() {
        for (String name : List.of("", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\u0085b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> SIGNER.named(name));
        }
    }

    private static String signatureLine(String note) {
        return note.substring(note.lastIndexOf("\n\n") + 2);
    }
}
