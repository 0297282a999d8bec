package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H9: whoever reviews a text sees every character that is in it. */
class VisibleTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x0a, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5,
                0x180b, 0x180e, 0x180f, 0x200b, 0x200d, 0x200e, 0x202e, 0x2028, 0x2029, 0x2060,
                0x2066, 0x2069, 0x2800, 0x3164, 0xe000, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9,
                0x1d173, 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0xe01ef, 0xf0000, 0x10fffd, 0x40000
            })
    void escapesByCodePoint(int codePoint) {
        var shown = VisibleText.of("a" + Character.toString(codePoint) + "b");

        assertThat(shown).matches("a(\\\\u[0-9a-f]{4}){1,2}b");
        assertThat(shown).hasSize(2 + 6 * Character.charCount(codePoint));
    }

    @Test
    void showsWhatCanBeSeenAsItIs() {
        var text = "naïve 東京 مرحبا שלום 한국어 👍🏽 a\u0301 \"q\" \\n";

        assertThat(VisibleText.of(text)).isEqualTo(text);
    }

    @Test
    void leavesAnEmojiToTheTextItStandsInUnlessAPersonDecidesByIt() {
        var family = "👨\u200d👩\u200d👧 ❤\ufe0f";

        assertThat(hidesSomething(family)).isFalse();
        assertThat(VisibleText.of(family)).doesNotContain("\u200d", "\ufe0f");
        assertThat(hidesSomething("a\ufe0fb")).isTrue();
        assertThat(hidesSomething("❤\ufe0f\ufe0f")).isTrue();
    }

    /** Row 23: what stays of a long text is as it was, and each hidden character is counted. */
    @Test
    void showsAndCountsTheHiddenCharactersOfALongText() {
        var text = "Line\none\u200b, \ud83d\udc69\u200d\ud83d\udcbb\ttwo\u202e\udb40\udc41.";

        assertThat(VisibleText.withoutHidden(text))
                .isEqualTo("Line\none\\u200b, 👩\u200d💻\ttwo\\u202e\\udb40\\udc41.");
        assertThat(VisibleText.countHidden(text)).isEqualTo(3);
        assertThat(VisibleText.countHidden("naïve 東京 ❤\ufe0f\n")).isZero();
    }

    private static boolean hidesSomething(String text) {
        return VisibleText.firstHidden(text).isPresent();
    }
}
