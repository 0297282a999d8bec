package io.sallyport.audit.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CanonicalWriterTest {
    private final CanonicalWriter out = new CanonicalWriter().open();

    private String written() {
        return new String(out.close().bytes(), UTF_8);
    }

    @Test
    void escapesQuoteBackslashAndControlsOnly() {
        out.text("a", "\"\\\b\t\n\f\r\u0000\u001b\u001f /\u007f");
        assertThat(written())
                .isEqualTo("{\"a\":\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001b\\u001f /\u007f\"}");
    }

    @Test
    void writesEveryOtherCharacterAsUtf8() {
        out.text("a", "é€\u2028😀\uFFFF\u0800\u07ff");
        assertThat(written()).isEqualTo("{\"a\":\"é€\u2028😀\uFFFF\u0800\u07ff\"}");
    }

    @Test
    void replacesLoneSurrogates() {
        out.text("a", "x\ud83d").text("b", "\ude00x").text("c", "\ude00\ud83d");
        assertThat(written())
                .isEqualTo("{\"a\":\"x\ufffd\",\"b\":\"\ufffdx\",\"c\":\"\ufffd\ufffd\"}");
    }

    @Test
    void writesIntegersBeyondTwoToThe53AsStrings() {
        out.number("a", 9007199254740991L)
                .number("b", 9007199254740992L)
                .number("c", Long.MAX_VALUE)
                .number("d", 0);
        assertThat(written())
                .isEqualTo(
                        "{\"a\":9007199254740991,\"b\":\"9007199254740992\","
                                + "\"c\":\"9223372036854775807\",\"d\":0}");
    }

    @Test
    void leavesAbsentMembersOut() {
        out.text("a", "").number("b", -1).texts("c", List.of());
        assertThat(written()).isEqualTo("{}");
    }

    @Test
    void leavesObjectsWithoutMembersOut() {
        out.open("a").open("b").text("c", "").close().close();
        out.text("d", "{").open("e").close().text("f", "x");
        assertThat(written()).isEqualTo("{\"d\":\"{\",\"f\":\"x\"}");
    }

    @Test
    void writesArrays() {
        out.texts("a", List.of("x", "", "y")).openArray("b");
        out.open().text("c", "1").close().open().text("c", "2").close().closeArray();
        out.flag("d", true);
        assertThat(written())
                .isEqualTo(
                        "{\"a\":[\"x\",\"\",\"y\"],"
                                + "\"b\":[{\"c\":\"1\"},{\"c\":\"2\"}],\"d\":true}");
    }

    @Test
    void growsWithItsContent() {
        String controls = "\u0001".repeat(5000);
        out.text("a", controls);
        assertThat(written()).hasSize(5000 * 6 + 8);
    }
}
