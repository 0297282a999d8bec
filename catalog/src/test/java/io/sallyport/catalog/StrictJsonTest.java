package io.sallyport.catalog;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.MalformedJson.Fault;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    record Case(String file, byte[] bytes) {
        boolean startsWith(String prefix) {
            return file.substring(file.lastIndexOf('/') + 1).startsWith(prefix);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    private static Stream<Case> suite(String prefix) {
        return Corpus.lines("JSONTestSuite.jsonl").stream()
                .map(line ->
                        new Case(
                                line.get("file").stringValue(),
                                Base64.getDecoder().decode(line.get("b64").stringValue())))
                .filter(test -> test.startsWith(prefix));
    }

    static Stream<Case> valid() {
        return suite("y_");
    }

    static Stream<Case> invalid() {
        return suite("n_");
    }

    static Stream<Case> undefined() {
        return suite("i_");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void acceptsWhatTheSuiteCallsValid(Case test) {
        boolean namesMembersTwice = test.file().contains("duplicated_key");
        if (namesMembersTwice) {
            assertThat(faultOf(test.bytes())).isEqualTo(Fault.DUPLICATE_KEY);
        } else {
            assertThatCode(() -> StrictJson.read(test.bytes())).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesWhatTheSuiteCallsInvalid(Case test) {
        assertThat(faultOf(test.bytes())).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("undefined")
    void neverFailsOtherwise(Case test) {
        try {
            var tree = StrictJson.read(test.bytes());
            assertThat(StrictJson.read(JsonText.write(tree))).isEqualTo(tree);
        } catch (MalformedJson e) {
            assertThat(e.fault()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.10",
                "1E2",
                "1e+02",
                "-0",
                "-0.0",
                "0",
                "0.1",
                "-1",
                "1.00000000000000000001",
                "12345678901234567890",
                "0.12345678901234567890",
                "9223372036854775808",
                "-9223372036854775808",
                "1e999",
                "1e-0999"
            })
    void keepsTheTextOfNumbers(String number) throws MalformedJson {
        assertThat(JsonText.text(StrictJson.read(number))).isEqualTo(number);
        assertThat(new String(CanonicalJson.write(StrictJson.read(number)), UTF_8))
                .isEqualTo(number);
        assertThat(StrictJson.read(number).decimalValue())
                .isEqualByComparingTo(new BigDecimal(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1000", "1e999999999", "1E-99999999999999999999", "[1.5e+001000]"})
    void refusesNumbersThatWouldTakeMoreRoomThanTheirText(String bomb) {
        assertThat(faultOf(bomb)).isEqualTo(Fault.INVALID_JSON);
    }

    @Test
    void refusesNumbersOfMoreThanAThousandCharacters() throws MalformedJson {
        assertThat(faultOf("1".repeat(1001))).isEqualTo(Fault.INVALID_JSON);
        assertThat(StrictJson.read("1".repeat(1000)).isNumber()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"a\":1}                | DUPLICATE_KEY",
                "{\"a\":{\"b\":1,\"b\":null}}     | DUPLICATE_KEY",
                "{\"a\":1,\"\\u0061\":2}          | DUPLICATE_KEY",
                "{\"a\":null,\"a\":null}          | DUPLICATE_KEY",
                "\"\\ud800\"                      | INVALID_UTF8",
                "\"\\udc00\\ud800\"               | INVALID_UTF8",
                "{\"\\udfff\":1}                  | INVALID_JSON", // Jackson's own refusal, in
                // names
                "\"\\ud800\\u0041\"               | INVALID_UTF8",
                "{} {}                            | INVALID_JSON",
                "{} ,                             | INVALID_JSON",
                "[1,]                             | INVALID_JSON",
                "NaN                              | INVALID_JSON",
                "01                               | INVALID_JSON",
                "+1                               | INVALID_JSON",
                ".5                               | INVALID_JSON",
                "5.                               | INVALID_JSON",
                "{a:1}                            | INVALID_JSON",
                "// no                            | INVALID_JSON",
                "{\"a\":1                         | INVALID_JSON",
                "[1                               | INVALID_JSON"
            })
    void namesTheFault(String text, Fault fault) {
        assertThat(faultOf(text)).isEqualTo(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22c08022", // overlong NUL
                "22c1bf22", // overlong DEL
                "22e0808022", // overlong in three bytes
                "22f080808022", // overlong in four bytes
                "22eda08022", // a surrogate
                "22edbfbf22", // the last surrogate
                "22f490808022", // above U+10FFFF
                "22f888808080" + "22", // five bytes
                "22ff22", // no lead byte
                "228022", // a continuation alone
                "22c3", // cut off
                "22e282", // cut off
                "22f09f98" // cut off
            })
    void refusesBytesThatAreNotUtf8(String hex) {
        assertThat(faultOf(HexFormat.of().parseHex(hex))).isEqualTo(Fault.INVALID_UTF8);
    }

    /** B8. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\\ud800z\"              | \"a\ufffdz\"",
                "\"\\udc00\\ud800\"         | \"\ufffd\ufffd\"",
                "\"\\uD83D\\uD83D\\uDE00\"  | \"\ufffd😀\"",
                "\"\\\\ud800 \\\\\\ud800\"  | \"\\\\ud800 \\\\\ufffd\"",
                "{\"\\udfff\":\"\\ud83d\\n\"} | {\"\ufffd\":\"\ufffd\\n\"}"
            })
    void mendsHalvesOfSurrogatePairs(String text, String mended) throws MalformedJson {
        var read = StrictJson.mending(text.getBytes(UTF_8));
        assertThat(read.mended()).isTrue();
        assertThat(JsonText.text(read.tree())).isEqualTo(mended);
    }

    /** B8. */
    @ParameterizedTest
    @ValueSource(strings = {"c080", "ff", "eda080", "e282", "f09f98", "80"})
    void mendsBytesThatAreNotUtf8(String hex) throws MalformedJson {
        var read = StrictJson.mending(HexFormat.of().parseHex("22" + hex + "22"));
        assertThat(read.mended()).isTrue();
        assertThat(read.tree().stringValue()).matches("\ufffd+");
    }

    /** B8: nothing else becomes lenient by that, and whole characters are nobody's to change. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"\\ud800\":1,\"\\udfff\":2}",
                "{\"a\":\"\\ud800\",\"a\":1}",
                "\"\\ud800\" x",
                "\"\\ud80\"",
                "[\"\\ud800\"",
                "{\"a\":1,\"a\":2}"
            })
    void mendsNothingElse(String text) {
        assertThatThrownBy(() -> StrictJson.mending(text.getBytes(UTF_8)))
                .isInstanceOf(MalformedJson.class);
    }

    /** B8. */
    @Test
    void leavesWholeCharactersAlone() throws MalformedJson {
        var text = "{\"a\":\"\\ud83d\\ude00 😀 \ufffd \\\\ud800\"}";
        var read = StrictJson.mending(text.getBytes(UTF_8));
        assertThat(read.mended()).isFalse();
        assertThat(read.tree()).isEqualTo(StrictJson.read(text));
    }

    @Test
    void readsUtf8OnlyWhateverTheBytesLookLike() {
        assertThat(faultOf("{\"a\":1}".getBytes(UTF_16LE))).isEqualTo(Fault.INVALID_JSON);
        assertThat(faultOf("\ufeff{}".getBytes(UTF_8))).isEqualTo(Fault.INVALID_JSON);
    }

    @Test
    void readsCharactersOfEveryLength() throws MalformedJson {
        var text = "\"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\"";
        assertThat(JsonText.text(StrictJson.read(text))).isEqualTo(text);
    }

    @Test
    void refusesMoreThan64Levels() throws MalformedJson {
        assertThat(StrictJson.read("[".repeat(64) + "]".repeat(64)).isArray()).isTrue();
        assertThat(faultOf("[".repeat(65) + "]".repeat(65))).isEqualTo(Fault.TOO_DEEP);
        assertThat(faultOf("{\"a\":".repeat(65) + "1" + "}".repeat(65))).isEqualTo(Fault.TOO_DEEP);
        assertThat(faultOf("[".repeat(1_000_000))).isEqualTo(Fault.TOO_DEEP);
    }

    @Test
    void refusesLoneSurrogatesInTextThatWasNeverBytes() {
        assertThat(faultOf("\"\ud800\"")).isEqualTo(Fault.INVALID_UTF8);
    }

    @Test
    void saysNothingOfTheTextInItsMessage() {
        var refusal =
                catchThrowableOfType(
                        MalformedJson.class, () -> StrictJson.read("{\"secret\":hunter2}"));
        assertThat(refusal).hasMessage("invalid_json").hasNoCause();
    }

    private static Fault faultOf(String text) {
        return catchThrowableOfType(MalformedJson.class, () -> StrictJson.read(text)).fault();
    }

    private static Fault faultOf(byte[] bytes) {
        return catchThrowableOfType(MalformedJson.class, () -> StrictJson.read(bytes)).fault();
    }
}
