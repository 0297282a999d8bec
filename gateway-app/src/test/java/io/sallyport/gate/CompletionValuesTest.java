package io.sallyport.gate;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** H26: a suggestion names no resource that policy denies. */
class CompletionValuesTest {
    private static boolean isOfTheBoard(String uri) {
        return uri.startsWith("note://board/");
    }

    @Test
    void whatTheCallerCouldNotReadIsNotSuggested() throws MalformedJson {
        var shown =
                permitted(
                        "note://{folder}/{name}",
                        "{\"argument\":{\"name\":\"folder\",\"value\":\"\"}}",
                        "[\"board\",\"salaries\",\"board/../salaries\",7]");

        assertThat(values(shown)).containsExactly("board");
        assertThat(shown.at("/completion").has("total")).isFalse();
        assertThat(shown.at("/completion/hasMore").asBoolean(true)).isFalse();
    }

    @Test
    void whatTheClientChoseBeforeCounts() throws MalformedJson {
        var name =
                "{\"argument\":{\"name\":\"name\",\"value\":\"a\"},\"context\":{\"arguments\":{\"folder\":\"%s\"}}}";
        var template = "note://{folder}/{name}";

        assertThat(values(permitted(template, name.formatted("board"), "[\"a\",\"b\"]")))
                .containsExactly("a", "b");
        assertThat(values(permitted(template, name.formatted("salaries"), "[\"a\",\"b\"]")))
                .isEmpty();
    }

    @Test
    void whatIsAllPermittedStaysAsItCame() throws MalformedJson {
        var shown =
                permitted(
                        "note://board/{name}",
                        "{\"argument\":{\"name\":\"name\",\"value\":\"\"}}",
                        "[\"a\"]");

        assertThat(shown.at("/completion/total").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "f:///{+path}, path, a/b c, f:///a/b%20c",
        "f:///{path}, path, a/b, f:///a%2Fb",
        "f://h{/path*}, path, a, f://h/a",
        "f://h/x{?q}, q, a b, f://h/x?q=a%20b",
        "f://h/x{?q}, other, a, f://h/x",
        "f://h/{a}/{b:3}, b, ~z, f://h/x/~z",
        "f://h/{a}, a, $1\\, f://h/%241%5C"
    })
    void aTemplateIsExpandedAsItsStandardSays(
            String template, String name, String value, String uri) {
        assertThat(CompletionValues.expand(template, Map.of(name, value))).isEqualTo(uri);
    }

    /** F2: a server decides neither how many are judged nor how long each becomes. */
    @Test
    void ofTooManySuggestionsAHundredAreLookedAt() throws MalformedJson {
        var many = Stream.generate(() -> "\"a\"").limit(100_000).collect(joining(",", "[", "]"));
        var template = "note://board/" + "{name}{name,name}".repeat(100);
        var judged = new AtomicInteger();

        var shown =
                CompletionValues.permitted(
                        template,
                        StrictJson.read("{\"argument\":{\"name\":\"name\",\"value\":\"\"}}"),
                        StrictJson.read("{\"completion\":{\"values\":" + many + "}}"),
                        uri -> {
                            judged.incrementAndGet();
                            return isOfTheBoard(uri);
                        });

        assertThat(values(shown)).hasSize(100);
        assertThat(judged).hasValue(100);
        assertThat(shown.at("/completion/hasMore").asBoolean()).isTrue();
    }

    @Test
    void whatIsLongerThanAnyUriIsNotExpandedToItsEnd() {
        var value = "é".repeat(2_048);
        var template = "note://board/" + "{a}{a,a}{?a,a}".repeat(1_000);

        assertThat(CompletionValues.expand(template, Map.of("a", value)))
                .hasSizeLessThan(4 * 6 * 2_048)
                .hasSizeGreaterThan(2_048);
    }

    private static JsonNode permitted(String template, String asked, String values)
            throws MalformedJson {
        var result = "{\"completion\":{\"values\":" + values + ",\"total\":2,\"hasMore\":false}}";
        return CompletionValues.permitted(
                template,
                StrictJson.read(asked),
                StrictJson.read(result),
                CompletionValuesTest::isOfTheBoard);
    }

    private static List<String> values(JsonNode result) {
        return result.at("/completion/values").valueStream().map(JsonNode::asString).toList();
    }
}
