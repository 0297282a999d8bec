package io.sallyport.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.fuzz.FuzzInputs;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What holds for whatever the one reader of foreign JSON is given. */
class StrictJsonFuzzTest {
    private static final FuzzInputs TEXTS =
            FuzzInputs.of(
                    List.of(
                            "{\"a\":[1,-0,1.10,1e-9,\"\\u00e9\\ud83d\\ude00\",true,false,null]}",
                            " [ [ [ ] , { } , \"\\\\ \\/ \\b\\f\\n\\r\\t\" ] ] ",
                            "{\"jsonrpc\":\"2.0\",\"id\":7,\"params\":{\"n\":12345678901234567890}}",
                            "\"\u00e9\ud83d\ude00\""),
                    List.of("{\"a\":", "[", "]", "}", "\"a\":1,", "1E+", "\\ud83d", "\\u", "//"));

    @Test
    void holdsForTextsFromASeed() {
        TEXTS.check(getClass(), this::isRefusedOrReadTheSameAgain);
    }

    @FuzzTest
    void isRefusedOrReadTheSameAgain(byte[] text) throws MalformedJson {
        JsonNode tree;
        try {
            tree = StrictJson.read(text);
        } catch (MalformedJson _) {
            return;
        }
        var canonical = CanonicalJson.write(tree);
        var again = StrictJson.read(canonical);
        assertThat(again).isEqualTo(tree);
        assertThat(CanonicalJson.write(again)).isEqualTo(canonical);
        assertThat(depth(tree)).isLessThanOrEqualTo(StrictJson.MAX_DEPTH);
    }

    private static int depth(JsonNode tree) {
        return tree.isContainer()
                ? 1 + tree.valueStream().mapToInt(StrictJsonFuzzTest::depth).max().orElse(0)
                : 0;
    }
}
