package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GlobTest {
    @Test
    void theStartAndTheEndOfAPatternDoNotShareCharacters() {
        assertThat(Glob.of("a*a").matches("a")).isFalse();
        assertThat(Glob.of("a*a").matches("aa")).isTrue();
        assertThat(Glob.of("ab*bc").matches("abc")).isFalse();
    }

    @Test
    void matchesWhatThePlainDefinitionMatches() {
        var random = new Random(11);
        int matches = 0;
        for (int i = 0; i < 50_000; i++) {
            var pattern = text(random, "aab*");
            var text = text(random, "ab");
            var expected = byDefinition(pattern, text);
            matches += expected ? 1 : 0;
            assertThat(Glob.of(pattern).matches(text)).as(pattern + " " + text).isEqualTo(expected);
        }
        assertThat(matches).isGreaterThan(1_000);
    }

    @Test
    void aPatternOfManyStarsCostsNoMoreThanItsSearches() {
        var pattern = "a*".repeat(120) + "b";
        assertThat(Glob.of(pattern).matches("a".repeat(100_000))).isFalse();
    }

    @Test
    void nothingButAStarIsSpecial() {
        assertThat(Glob.of("a.c").matches("abc")).isFalse();
        assertThat(Glob.of("(a+)+").matches("(a+)+")).isTrue();
        assertThat(Glob.of("*").matches("")).isTrue();
        assertThat(Glob.of("").matches("")).isTrue();
        assertThat(Glob.of("").matches("a")).isFalse();
    }

    private static boolean byDefinition(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        var rest = pattern.substring(1);
        if (pattern.charAt(0) == '*') {
            return byDefinition(rest, text)
                    || (!text.isEmpty() && byDefinition(pattern, text.substring(1)));
        }
        return !text.isEmpty()
                && text.charAt(0) == pattern.charAt(0)
                && byDefinition(rest, text.substring(1));
    }

    private static String text(Random random, String alphabet) {
        var text = new StringBuilder();
        random.ints(random.nextInt(8), 0, alphabet.length())
                .forEach(at -> text.append(alphabet.charAt(at)));
        return text.toString();
    }
}
