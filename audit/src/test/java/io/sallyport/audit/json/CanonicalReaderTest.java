package io.sallyport.audit.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sallyport.audit.json.JsonValue.Members;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalReaderTest {
    private static Members read(String json) throws NotCanonical {
        return CanonicalReader.readObject(json.getBytes(UTF_8));
    }

    @Test
    void readsWhatTheWriterWrites() throws NotCanonical {
        String hostile = "\"\\\b\t\n\f\r\u0000\u001b é€😀\u2028";
        byte[] json =
                new CanonicalWriter()
                        .open()
                        .texts("a", List.of(hostile, ""))
                        .open("b")
                        .number("c", 9007199254740991L)
                        .close()
                        .flag("d", false)
                        .text("e", hostile)
                        .close()
                        .bytes();
        Members read = CanonicalReader.readObject(json);
        assertThat(read.values().get("a"))
                .isEqualTo(
                        new JsonValue.Array(
                                List.of(new JsonValue.Text(hostile), new JsonValue.Text(""))));
        assertThat(read.members("b").whole("c")).isEqualTo(9007199254740991L);
        assertThat(read.flag("d")).contains(false);
        assertThat(read.text("e")).isEqualTo(hostile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}}",
                " {}",
                "{} ",
                "[]",
                "null",
                "\"a\"",
                "{\"a\":null}",
                "{\"a\"}",
                "{\"a\": 1}",
                "{\"a\":1,}",
                "{,\"a\":1}",
                "{\"a\":1 }",
                "{\"a\":1\"b\":2}",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1.0}",
                "{\"a\":1e2}",
                "{\"a\":-1}",
                "{\"a\":-0}",
                "{\"a\":01}",
                "{\"a\":9007199254740992}",
                "{\"a\":99999999999999999999}",
                "{\"a\":\"\\/\"}",
                "{\"a\":\"\\u0041\"}",
                "{\"a\":\"\\u000a\"}",
                "{\"a\":\"\\u001B\"}",
                "{\"a\":\"\\ud83d\\ude00\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\n\n\"}",
                "{\"a\":\"x}",
                "{\"a\":\"\\",
                "{\"a\":\"\\u00",
                "{\"a\":tru}",
                "{\"a\":True}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\":[1}",
                "{a:1}",
                "{'a':1}",
                "\ufeff{}"
            })
    void refusesEverySpellingButTheCanonicalOne(String json) {
        assertThatExceptionOfType(NotCanonical.class).isThrownBy(() -> read(json));
    }

    @Test
    void refusesInvalidUtf8() {
        for (byte[] bad : List.of(bytes(0xff), bytes(0xc0, 0xaf), bytes(0xed, 0xa0, 0x80))) {
            assertThatExceptionOfType(NotCanonical.class)
                    .isThrownBy(() -> CanonicalReader.readObject(bad));
        }
    }

    @Test
    void refusesDeepNesting() throws NotCanonical {
        assertThat(read("{\"a\":".repeat(7) + "{}" + "}".repeat(7)).values()).hasSize(1);
        String deep = "{\"a\":".repeat(8) + "{}" + "}".repeat(8);
        assertThatExceptionOfType(NotCanonical.class).isThrownBy(() -> read(deep));
        String bottomless = "{\"a\":" + "[".repeat(8000);
        assertThatExceptionOfType(NotCanonical.class).isThrownBy(() -> read(bottomless));
    }

    @Test
    void neverShowsTheTextInItsMessage() {
        assertThatExceptionOfType(NotCanonical.class)
                .isThrownBy(() -> read("{\"secret\":\"hunter2\" }"))
                .withMessageNotContainingAny("secret", "hunter2");
    }

    private static byte[] bytes(int... inside) {
        byte[] json = new byte[inside.length + 8];
        System.arraycopy("{\"a\":\"".getBytes(UTF_8), 0, json, 0, 6);
        for (int i = 0; i < inside.length; i++) {
            json[6 + i] = (byte) inside[i];
        }
        System.arraycopy("\"}".getBytes(UTF_8), 0, json, 6 + inside.length, 2);
        return json;
    }
}
