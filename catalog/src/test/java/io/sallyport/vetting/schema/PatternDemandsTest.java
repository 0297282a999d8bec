package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B5. Patterns that people publish are judged in linear time where that can be done exactly. */
class PatternDemandsTest {
    private static final int TEXTS = 4_000;

    /** Java reads all of these as ECMA-262 does, but for {@code $} before a last line end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(?!\\.)(?!.*\\.\\.)([a-b'+\\-\\.]*)[a-b+-]@([a-b][a-b\\-]*\\.)+[a-b]{2,}$",
                "^(?=.{1,5}\\.?$)[a-b1](?:[a-b-]{0,3}[a-b])?(?:\\.[a-b])*\\.?$",
                "^(?=.*[a])(?=.*1)[\\s\\S]{3,8}$",
                "^(?!-)[a-b1-]{1,6}(?<!-)$",
                "^[a-b@.]+(?<!\\.)(?<=[a-b]|@)$",
                "a(?<!aa)$",
                "^(?!a|b1).*$",
                "^(?=a|b)[^.]*",
                "^(?!(?:a(?:b|1))+$)[ab1]*$",
                "(?i)^A[B-]*$",
                "(?s)^a.b$",
                "(?is)A.B",
                "^(?i:AB)1$",
                "\\Aa[b1]*\\z",
                "^.{2,4}$",
                "^(?i)(ab|B1)$",
                "^[ab]{3}.?$"
            })
    void judgesLikeABacktrackingEngine(String source) throws UnsupportedPattern {
        var linear = LinearPattern.compile(source);
        var oracle = Pattern.compile(asJava(source));
        var random = new Random(source.hashCode());
        for (int i = 0; i < TEXTS; i++) {
            var text = text(random);
            assertThat(matches(linear, text))
                    .as("%s for '%s'", source, text)
                    .isEqualTo(oracle.matcher(text).find());
        }
    }

    private static String asJava(String source) {
        return source.endsWith("$") ? source.substring(0, source.length() - 1) + "\\z" : source;
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            text.append("aabbAB1-.@+\n".charAt(random.nextInt(12)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "'^.{1,4000}$',             4000, 4001, 0",
        "'^[\\s\\S]{0,10000}$',     10000, 10001, -1",
        "'^\\w{2048}$',             2048, 2049, 2047",
        "'^x[a-z]{200,1500}$',      1500, 1502, 200",
        "'^(?!y)[^\\n]{1,5000}$',   5000, 5001, 0",
        "'^.{3000,}$',              9000, 2999, 0",
        "'(?s)^.{1,2000}$',         2000, 2001, 0",
        "'^(?s).{1,2000}$',         2000, 2001, 0",
        "'^(.|\\n){1,500}$',         500, 501, 0",
        "'^(?:[a-z]|\\s|é|\\x00){7,300}$', 300, 301, 6",
        "'(?i)^X{500,1200}$',       1200, 1201, 499"
    })
    void measuresWhatCannotBeWrittenOut(String source, int good, int tooMuch, int tooLittle)
            throws UnsupportedPattern {
        var pattern = LinearPattern.compile(source);
        assertThat(matches(pattern, "x".repeat(good))).isTrue();
        assertThat(matches(pattern, "x".repeat(tooMuch))).isFalse();
        if (tooLittle >= 0) {
            assertThat(matches(pattern, "x".repeat(tooLittle))).isFalse();
        }
        assertThat(matches(pattern, "é".repeat(good - 1) + "\u0000"))
                .isEqualTo(
                        Pattern.compile(asJava(source))
                                .matcher("é".repeat(good - 1) + "\u0000")
                                .find());
    }

    @Test
    void knowsTheDurationOfZod() throws UnsupportedPattern {
        var source =
                "^P(?:(\\d+W)|(?!.*W)(?=\\d|T\\d)(\\d+Y)?(\\d+M)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+([.,]\\d+)?S)?)?)$";
        var linear = LinearPattern.compile(source);
        var oracle = Pattern.compile(asJava(source));
        var random = new Random(1);
        int fitting = 0;
        for (int i = 0; i < 100 * TEXTS; i++) {
            var text = duration(random);
            boolean fits = oracle.matcher(text).find();
            assertThat(matches(linear, text)).as(text).isEqualTo(fits);
            fitting += fits ? 1 : 0;
        }
        assertThat(fitting).isGreaterThan(TEXTS);
    }

    private static String duration(Random random) {
        var text = new StringBuilder("P");
        for (int length = random.nextInt(7); length > 0; length--) {
            text.append("1Y,1M,1D,T,1H,1M,1S,1.5S,1W,2,W".split(",")[random.nextInt(11)]);
        }
        return text.toString();
    }

    @Test
    void readsBracesThatCountNothingAsText() throws UnsupportedPattern {
        assertThat(matches(LinearPattern.compile("^{a}[.]?$"), "{a}.")).isTrue();
        assertThat(matches(LinearPattern.compile("^{.*}$"), "a}")).isFalse();
    }

    @Test
    void countsCodePoints() throws UnsupportedPattern {
        var pattern = LinearPattern.compile("^.{1,200}$");
        assertThat(matches(pattern, "😀".repeat(200))).isTrue();
        assertThat(matches(pattern, "😀".repeat(201))).isFalse();
    }

    @Test
    void readsTheEndAsPythonDoes() throws UnsupportedPattern {
        assertThat(matches(LinearPattern.compile("\\Aab\\Z"), "ab")).isTrue();
        assertThat(matches(LinearPattern.compile("\\Aab\\Z"), "ab\n")).isFalse();
        assertThat(matches(LinearPattern.compile("\\Aab\\Z"), "ABZ")).isFalse();
        assertThat(matches(LinearPattern.compile("(?P<year>1)-b"), "1-b")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?<!a)b",
                "(?<=a)b$",
                "a(?!b)c",
                "^a|(?!b)c",
                "^(?!a)*b",
                "^(?!a){2}b",
                "^(?!(?<=a)b)c",
                "^(?=(a))\\1$",
                "(a)\\1",
                "(?m)^a$",
                "(?x)a b",
                "a(?i)b",
                "[\\A]",
                "^(?!a",
                "a{,4}",
                "^(?:ab){1,4000}$",
                "^(?:a|bc){1,4000}$",
                "^(?=a|b){1,4000}$",
                "^(?<n>a|b|){1,4000}$",
                "^.{1,4000}a.{1,4000}$",
                "^.{4000,1}$",
                "^a++$",
                "(?>a)b"
            })
    void refusesWhatItCannotSayExactly(String source) {
        assertThat(compiles(source)).isFalse();
    }

    private static boolean compiles(String source) {
        try {
            LinearPattern.compile(source);
            return true;
        } catch (UnsupportedPattern e) {
            return false;
        }
    }

    private static boolean matches(LinearPattern pattern, String text) {
        return Effort.bounded().run(() -> pattern.matches(text));
    }
}
