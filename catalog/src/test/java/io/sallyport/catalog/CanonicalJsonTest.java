package io.sallyport.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.json.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class CanonicalJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"b\":1, \"a\": [2, {\"d\":0,\"c\":1}]} | {\"a\":[2,{\"c\":1,\"d\":0}],\"b\":1}",
                "{\"aa\":1,\"a\":2,\"\":3,\"B\":4}        | {\"\":3,\"B\":4,\"a\":2,\"aa\":1}",
                "[ true , false , null ]                  | [true,false,null]",
                "{}                                       | {}",
                "[]                                       | []"
            })
    void sortsMembersAndDropsWhiteSpace(String text, String canonical) {
        assertThat(canonical(text)).isEqualTo(canonical);
    }

    /** RFC 8785 section 3.2.3: code units, so a supplementary character sorts before U+FB33. */
    @Test
    void sortsByUtf16CodeUnits() {
        var text =
                """
                {"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}\
                """;
        assertThat(canonical(text))
                .isEqualTo(
                        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");
    }

    /** RFC 8785 section 3.2.2.2. */
    @Test
    void escapesOnlyWhatMustBe() {
        assertThat(
                        canonical(
                                "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\\u007f\\b\\t\\f\\r\""))
                .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u007f\\b\\t\\f\\r\"");
    }

    @Test
    void keepsTheOrderOfMembersWhereItIsNotCanonical() {
        assertThat(JsonText.text(Corpus.json("{ \"b\" : 1.10 , \"a\" : -0 }")))
                .isEqualTo("{\"b\":1.10,\"a\":-0}");
    }

    @Test
    void isStableOverAReadAndAWrite() {
        for (var tools : Corpus.tools().values()) {
            for (var tool : tools) {
                var bytes = CanonicalJson.write(tool);
                assertThat(CanonicalJson.write(Corpus.json(new String(bytes, UTF_8))))
                        .isEqualTo(bytes);
            }
        }
    }

    @Test
    void writesTreesThatOurOwnCodeBuilt() {
        var tree =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("d", 0.5)
                        .put("l", 1L << 40)
                        .put("s", "x");
        assertThat(new String(CanonicalJson.write(tree), UTF_8))
                .isEqualTo("{\"d\":0.5,\"l\":1099511627776,\"s\":\"x\"}");
    }

    @Test
    void refusesWhatJsonCannotSay() {
        var nodes = JsonNodeFactory.instance;
        refuses(nodes.numberNode(Double.NaN));
        refuses(nodes.numberNode(Double.POSITIVE_INFINITY));
        refuses(nodes.numberNode(Float.NEGATIVE_INFINITY));
        refuses(nodes.pojoNode(new Object()));
        refuses(nodes.missingNode());
        refuses(nodes.stringNode("\ud800"));
        refuses(nodes.stringNode("\udc00\ud800"));
        refuses(nodes.stringNode("x\ud83d"));
    }

    @Test
    void digestsLikeEveryOtherSha256() {
        assertThat(Sha256.of("abc".getBytes(UTF_8)))
                .isEqualTo(
                        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    private static void refuses(JsonNode node) {
        assertThatThrownBy(() -> CanonicalJson.write(node))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String canonical(String text) {
        return new String(CanonicalJson.write(Corpus.json(text)), UTF_8);
    }
}
