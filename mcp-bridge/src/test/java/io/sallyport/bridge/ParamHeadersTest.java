package io.sallyport.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that travel as headers too. */
class ParamHeadersTest {
    private static final ParamHeaders HEADERS =
            ParamHeaders.of(
                    UpstreamTest.json(
                            """
                            {"type":"object","properties":{
                              "region":{"type":"string","x-mcp-header":"Region"},
                              "count":{"type":"integer","x-mcp-header":"Count"},
                              "dry":{"type":"boolean","x-mcp-header":"Dry"},
                              "free":{"type":"string"},
                              "deep":{"type":"object","properties":{
                                "er":{"type":"string","x-mcp-header":"Deeper"}}},
                              "bad":{"type":"object","x-mcp-header":"Bad"},
                              "worse":{"type":"string","x-mcp-header":"a b"},
                              "list":{"type":"array","items":{"properties":{
                                "x":{"type":"string","x-mcp-header":"Listed"}}}}}}
                            """));

    private static List<String> sent(String arguments) {
        return HEADERS.headers(UpstreamTest.json(arguments)).stream()
                .map(it -> it.name() + ": " + it.value())
                .toList();
    }

    @Test
    void mirrorsWhatIsAnnotated() {
        var arguments =
                "{\"free\":\"x\",\"region\":\"us west\",\"count\":42,\"dry\":false,"
                        + "\"deep\":{\"er\":\"y\"},\"bad\":{},\"worse\":\"z\",\"list\":[{\"x\":\"v\"}]}";
        assertThat(sent(arguments))
                .containsExactly(
                        "Mcp-Param-Region: us west",
                        "Mcp-Param-Count: 42",
                        "Mcp-Param-Dry: false",
                        "Mcp-Param-Deeper: y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"region\":null}", "{\"region\":[]}", "{\"deep\":null}"})
    void sendsNothingForWhatIsAbsent(String arguments) {
        assertThat(sent(arguments)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"42,42", "-7,-7", "42.0,42", "1e2,100", "0,0", "-0,0", "3.14,3.14"})
    void writesIntegersInPlainDigits(String written, String value) {
        assertThat(sent("{\"count\":" + written + "}"))
                .containsExactly("Mcp-Param-Count: " + value);
    }

    @Test
    void isEmptyWithoutAnnotations() {
        assertThat(ParamHeaders.of(UpstreamTest.json("{\"properties\":{\"a\":{}}}")).isEmpty())
                .isTrue();
        assertThat(ParamHeaders.of(UpstreamTest.json("true")).isEmpty()).isTrue();
        assertThat(HEADERS.isEmpty()).isFalse();
    }

    private static String mismatch(String arguments, String... lines) {
        Map<String, List<String>> headers =
                Arrays.stream(lines)
                        .map(line -> line.split(": ?", 2))
                        .collect(
                                Collectors.groupingBy(
                                        it -> it[0],
                                        Collectors.mapping(it -> it[1], Collectors.toList())));
        return HEADERS.mismatch(
                        UpstreamTest.json(arguments), name -> headers.getOrDefault(name, List.of()))
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"region\":\"Hello\"}',Mcp-Param-Region: Hello",
        "'{\"region\":\"Hello\"}',Mcp-Param-Region:  Hello ",
        "'{\"region\":\"Hello\"}',Mcp-Param-Region: =?base64?SGVsbG8=?=",
        "'{\"region\":\"SGVsbG8=\"}',Mcp-Param-Region: SGVsbG8=",
        "'{\"region\":\"=?base64?SGVsbG8=\"}',Mcp-Param-Region: =?base64?SGVsbG8=",
        "'{\"region\":\"\"}',Mcp-Param-Region:",
        "'{\"count\":42}',Mcp-Param-Count: 42.0",
        "'{\"count\":42.0}',Mcp-Param-Count: 42",
        "'{\"dry\":true}',Mcp-Param-Dry: true",
        "'{\"deep\":{\"er\":\"y\"}}',Mcp-Param-Deeper: y",
        "'{\"region\":null}',Mcp-Param-Other: x"
    })
    void agreesWithWhatIsSaidTwice(String arguments, String line) {
        assertThat(mismatch(arguments, line)).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"region\":\"Hello\"}',Mcp-Param-Region: hello",
        "'{\"region\":\"Hello\"}',Mcp-Param-Region: =?base64?SGVsbG8?=",
        "'{\"region\":\"Hello\"}',Mcp-Param-Region: =?base64?SGVs!!!bG8=?=",
        "'{\"region\":\"Hello\"}',Mcp-Param-Region: =?BASE64?SGVsbG8=?=",
        "'{\"region\":\"Hello\"}',Mcp-Param-Other: Hello",
        "'{\"region\":null}',Mcp-Param-Region: Hello",
        "'{}',Mcp-Param-Region: Hello",
        "'{\"region\":\"true\"}',Mcp-Param-Region: Trüe"
    })
    void findsTheHeaderThatSaysSomethingElse(String arguments, String line) {
        assertThat(mismatch(arguments, line)).isEqualTo("Mcp-Param-Region");
    }

    @Test
    void findsAHeaderThatIsThereTwice() {
        assertThat(mismatch("{\"count\":1}", "Mcp-Param-Count: 1", "Mcp-Param-Count: 1"))
                .isEqualTo("Mcp-Param-Count");
        assertThat(mismatch("{\"count\":1}", "Mcp-Param-Count: 1e999999999"))
                .isEqualTo("Mcp-Param-Count");
    }

    @ParameterizedTest
    @CsvSource({
        "us-west1,us-west1",
        "'Hello, 世界','=?base64?SGVsbG8sIOS4lueVjA==?='",
        "' padded ','=?base64?IHBhZGRlZCA=?='",
        "'=?base64?literal?=','=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='",
        "'',''"
    })
    void encodesAsTheRevisionShows(String text, String header) {
        assertThat(HeaderText.encode(text)).isEqualTo(header);
        assertThat(HeaderText.decode(header)).contains(text);
    }

    @Test
    void encodesControlCharactersSoThatNoHeaderStartsAnother() {
        assertThat(HeaderText.encode("a\r\nX-Admin: 1"))
                .startsWith("=?base64?")
                .doesNotContain("\n");
        assertThat(HeaderText.encode("\ta")).startsWith("=?base64?");
        assertThat(HeaderText.decode("=?base64?/w==?=")).isEmpty();
        assertThat(HeaderText.decode("a\u0001")).isEmpty();
    }
}
