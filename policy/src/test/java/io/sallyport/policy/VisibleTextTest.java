package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** H9: whoever reviews a text sees every character that is in it. */
class VisibleTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x0a, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5,
                0x180b, 0x180e, 0x180f, 0x200b, 0x200d, 0x200e, 0x202e, 0x2028, 0x2029, 0x2060,
                0x2066, 0x2069, 0x2800, 0x2d7f, 0x3164, 0xe000, 0xfe00, 0xfe0f, 0xfeff, 0xffa0,
                0xfff9, 0x1107f, 0x113d0, 0x11a47, 0x13441, 0x13442, 0x16fe4, 0x1d159, 0x1d173, 0xe0001,
                0xe0041, 0xe007f, 0xe0100, 0xe01ef, 0xf0000, 0x10fffd, 0x40000
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
        assertThat(VisibleText.countHidden(text)).isZero();
    }

    /** What a script puts on its letters is a part of them, however it is normalized. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "น้ำใจที่นี่",
                "क्षत्रिय हिन्दी कुर्सियाँ",
                "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
                "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ",
                "မြန်မာ ညှို့ မြွှေး",
                "ខ្ញុំ ស្ត្រី",
                "བསྒྲུབས་ ཧཱུྃ",
                "தமிழ் ஸ்ரீ",
                "o\u0302\u0301\u0323",
                "i\u0308n\u0303u\u031b\u0323",
                "か\u3099",
                "й и\u0306"
            })
    void leavesLettersTheirMarks(String text) {
        assertThat(VisibleText.of(text)).isEqualTo(text);
        assertThat(hidesSomething(text)).isFalse();
    }

    /** H9: marks are drawn over what stands before them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"\u0336bob\"          | \"\\u0336bob\"",
                "\u0301a                | \\u0301a",
                "10\u0336               | 10\\u0336",
                ". \u0489               | . \\u0489",
                "bob\u0489              | bob\\u0489",
                "a\u17d2                | a\\u17d2",
                "b\u0e31                | b\\u0e31",
                "1\u20e3                | 1\\u20e3",
                "-\u0903                | -\\u0903",
                "e\u0301\u0301\u0301\u0301\u0301n | e\u0301\u0301\u0301\u0301\\u0301n"
            })
    void escapesMarksThatStandOnNothingOrArePiledUp(String text, String shown) {
        assertThat(VisibleText.of(text)).isEqualTo(shown);
    }

    @Test
    void showsNoPileOfMarksWhateverItIsMadeOf() {
        for (var pile : List.of("\u0336", "\u0489", "\u0336\u0489", "\u0903", "\u0940\u0941")) {
            for (var base : List.of("b", "\"", "\u0915")) {
                var text = "\"to\":\"bo" + base + pile.repeat(5_000) + "\"";
                var shown = VisibleText.of(text);

                assertThat(shown.codePoints().filter(VisibleTextTest::isMark).count())
                        .isLessThan(9);
                assertThat(VisibleText.countHidden(text)).isGreaterThan(4_990);
            }
        }
    }

    private static boolean isMark(int codePoint) {
        return (1 << Character.getType(codePoint)
                        & (1 << Character.NON_SPACING_MARK
                                | 1 << Character.ENCLOSING_MARK
                                | 1 << Character.COMBINING_SPACING_MARK))
                != 0;
    }

    @Test
    void leavesAnEmojiToTheTextItStandsInUnlessAPersonDecidesByIt() {
        var family = "👨\u200d👩\u200d👧 ❤\ufe0f";

        assertThat(hidesSomething(family)).isFalse();
        assertThat(VisibleText.of(family)).doesNotContain("\u200d", "\ufe0f");
        assertThat(hidesSomething("a\ufe0fb")).isTrue();
        assertThat(hidesSomething("❤\ufe0f\ufe0f")).isTrue();
    }

    /** H9: what puts an emoji together carries hidden bytes anywhere else. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*\u200d*\ufe0f*\ufe0e***",
                "1\ufe0f2",
                "#\ufe0e",
                "0\u200d0",
                "👩\u200d",
                "👩\u200da",
                "a\u200d👩",
                "1\ufe0f\u200d👩",
                "👩\u200d\u200d👧",
                "9\ufe0f\ufe0f\u20e3",
                "👩\ufe0e\u200d👧"
            })
    void findsWhatPutsNoEmojiTogether(String text) {
        assertThat(hidesSomething(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\ufe0f\u20e3 #\ufe0f\u20e3 *\u20e3",
                "👩🏽\u200d💻",
                "🏳\ufe0f\u200d🌈",
                "❤\ufe0f\u200d🔥",
                "🧑🏻\u200d🤝\u200d🧑🏿",
                "🏃\u200d♀\ufe0f\u200d➡\ufe0f",
                "☎\ufe0e",
                "🇩🇪"
            })
    void leavesAnEmojiWhatPutsItTogether(String text) {
        assertThat(hidesSomething(text)).isFalse();
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
