package io.sallyport.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sallyport.json.JsonBuffer.LoneSurrogate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBufferTest {
    private static String string(String text, LoneSurrogate halves) {
        return new String(new JsonBuffer(halves).string(text).bytes(), UTF_8);
    }

    /** RFC 8785 section 3.2.2.2 and its own example. */
    @ParameterizedTest
    @EnumSource
    void escapesWhatTheRfcSaysAndNothingElse(LoneSurrogate halves) {
        assertThat(string("€$\u000F\nA'B\"\\\\\"/", halves))
                .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assertThat(string("\b\t\f\r\u0000\u001f\u007f", halves))
                .isEqualTo("\"\\b\\t\\f\\r\\u0000\\u001f\u007f\"");
        assertThat(string("é߿ࠀ\uffff😀\udbff\udfff", halves))
                .isEqualTo("\"é߿ࠀ\uffff😀\udbff\udfff\"");
        assertThat(string("", halves)).isEqualTo("\"\"");
    }

    @ParameterizedTest
    @CsvSource({
        "a%, \"a\\ud83d\"",
        "%a, \"\\ud83da\"",
        "%%, \"\\ud83d\\ud83d\"",
    })
    void halfACharacterIsEscapedIfTextsMustDiffer(String shape, String json) {
        assertThat(string(shape.replace('%', '\ud83d'), LoneSurrogate.ESCAPED)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(chars = {'\ud800', '\udbff', '\udc00', '\udfff'})
    void everyHalfIsOne(char half) {
        assertThat(string("a" + half + "b", LoneSurrogate.ESCAPED))
                .isEqualTo("\"a\\u%04xb\"".formatted((int) half));
        assertThat(string("a" + half + "b", LoneSurrogate.REPLACED)).isEqualTo("\"a\ufffdb\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> string("a" + half + "b", LoneSurrogate.REFUSED));
    }

    @Test
    void growsBeyondItsFirstBytes() {
        var text = "é\n".repeat(10_000);

        assertThat(string(text, LoneSurrogate.REFUSED))
                .isEqualTo("\"" + text.replace("\n", "\\n") + "\"");
    }

    @Test
    void takesBackWhatWasPut() {
        var buffer = new JsonBuffer(LoneSurrogate.REFUSED).put('{').string("a").ascii(":null");
        buffer.cut(1);

        assertThat(buffer.last()).isEqualTo('{');
        assertThat(new String(buffer.put('}').bytes(), UTF_8)).isEqualTo("{}");
        assertThat(buffer.size()).isEqualTo(2);
    }
}
