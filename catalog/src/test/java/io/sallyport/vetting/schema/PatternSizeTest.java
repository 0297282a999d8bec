package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** H1: what a pattern takes to compile is known before it is compiled. */
class PatternSizeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(?i)[\\x{2100}-\\x{ffee}]        | 891",
                "(?i)[\u2100-\uffee]              | 891",
                "(?i)[^\u2100-\uffee]             | 891",
                "(?is)[\\x{0}-\\x{10ffff}]         | 0",
                "a(?i:[\u2100-\\x{ffee}]b)        | 891",
                "(?i)[\u2100-\uffee]{1,9}         | 891",
                "(?i)([\u2100-\uffee][\u2100-\uffee]) | 1782",
                "(?i)[\u2100-\uffee\u2100-\uffee] | 1783",
                "(?i)[^-\u2100-\uffee]            | 891",
                "(?i)[^^\u2100-\uffee]            | 891",
                "(?i)[\uac00-\ud7a3]              | 174",
                "(?i)[a-zA-Z0-9_.-]          | 0",
                "(?i)[\\]\u2100-\uffee\\-] | 891",
                "(?i)[\\d-\\x{ffee}]         | 0",
                "(?i)[\ud83d\ude00-\ud83d\ude4f] | 0",
                "[\u2100-\uffee]             | 0",
                "[\\p{L}\\p{N} ]{1,64}       | 80",
                "\\p{Lu}\\P{Greek}           | 80",
                "\\p{Z}[\\p{Zs}]             | 0",
                "a\\{3\\}                    | 0"
            })
    void countsWhatClassesTake(String pattern, long classes) {
        assertThat(PatternSize.of(pattern).classes()).isEqualTo(classes);
    }

    /** RE2/J would go round for ever among the cases of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i)a\u1c80",
                "(?i)\\x{1c88}",
                "(?i)[a\u1c84]",
                "(?i)[^\\x{1c81}]",
                "(?i)[B-\uffee]",
                "(?i)[\u0400-\\x{10ffff}]",
                "a(?i:\u1c87|b)",
                "(?i)[^--\u2000]",
                "(?i)[^-\u00c0-\uffff]",
                "(?i)[^^-\uffff]",
                "(?i)[--\u2000]"
            })
    void countsWhatNeverEndsAsTooMuch(String pattern) {
        assertThat(PatternSize.of(pattern).classes()).isGreaterThan(1_000_000_000);
    }

    /** Fails, or never ends, where RE2/J or Java's own tables know other letters than before. */
    @Test
    void allOtherLettersHaveCasesThatEnd() {
        var refused =
                assertTimeoutPreemptively(
                        Duration.ofMinutes(2),
                        () ->
                                IntStream.range(0, Character.MAX_CODE_POINT)
                                        .filter(PatternSizeTest::hasCases)
                                        .filter(it -> !isJudged(it))
                                        .boxed()
                                        .toList());

        assertThat(refused)
                .containsExactlyElementsOf(IntStream.range(0x1c80, 0x1c89).boxed().toList());
    }

    private static boolean hasCases(int letter) {
        return Character.toLowerCase(letter) != letter || Character.toUpperCase(letter) != letter;
    }

    private static boolean isJudged(int letter) {
        try {
            var pattern = LinearPattern.compile("(?i)" + Character.toString(letter) + "[ab]");
            Effort.counted().run(() -> pattern.matches("\u0430\u1c80\u00e4"));
            return true;
        } catch (UnsupportedPattern e) {
            return false;
        }
    }

    /** What stands in braces behind an escape is no count. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\\x{2028} | 1", "\\p{Lu}a | 2", "[\\x{61}-b]\\P{L} | 2", "(ab)\\x{99} | 5"})
    void countsInstructionsWithoutThem(String pattern, long instructions) {
        assertThat(PatternSize.of(pattern).instructions()).isEqualTo(instructions);
    }

    /** Braces that open nothing are read once, however many there are. */
    @Test
    void readsEachBraceOnce() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    for (int length : new int[] {1_000, 100_000, 1_000_000}) {
                        assertThat(PatternSize.of("{,".repeat(length) + "}").instructions())
                                .isBetween((long) length, 2L * length + 1);
                    }
                });
    }
}
