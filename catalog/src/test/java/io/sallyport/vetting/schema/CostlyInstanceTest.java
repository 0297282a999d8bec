package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.Violation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** H1: no data and no schema makes a validation take more than its allowance. */
@Timeout(60)
class CostlyInstanceTest {
    private static final String UNIQUE = "{\"uniqueItems\":true}";

    /** Generous: what is documented is 250 ms, on a machine that has nothing else to do. */
    private static final long FEW_SECONDS = 5_000_000_000L;

    private static final int MANY = 60_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Stream<Arguments> costly() {
        return Stream.of(
                Arguments.of(UNIQUE, list(collidingIntegers(MANY))),
                Arguments.of(UNIQUE, list(collidingStrings(16).stream())),
                Arguments.of(UNIQUE, list(collidingIntegers(MANY).map(it -> "[" + it + "]"))),
                Arguments.of(UNIQUE, list(collidingIntegers(MANY).map(it -> "{\"a\":" + it + "}"))),
                Arguments.of(UNIQUE, list(IntStream.range(0, MANY).mapToObj(it -> it + "e-900"))),
                Arguments.of(
                        "{\"items\":{\"dependentRequired\":{\"a\":" + names(10_000) + "}}}",
                        list(IntStream.range(0, MANY).mapToObj(_ -> "{\"a\":1}"))),
                Arguments.of(
                        "{\"additionalProperties\":{\"properties\":{\"a\":{}},"
                                + "\"unevaluatedProperties\":{\"type\":\"string\"}}}",
                        collidingStrings(15).stream()
                                .map(it -> it + ":{\"a\":1,\"b\":1}")
                                .collect(Collectors.joining(",", "{", "}"))),
                Arguments.of(
                        "{\"items\":{\"multipleOf\":1e-999}}",
                        list(IntStream.range(0, MANY).mapToObj(it -> it + "e999"))));
    }

    @ParameterizedTest
    @MethodSource("costly")
    void endsWithinItsAllowance(String schema, String value) throws Exception {
        var compiled = CompiledSchema.compile(json(schema));
        var tree = json(value);

        long started = System.nanoTime();
        compiled.validate(tree);

        assertThat(System.nanoTime() - started).isLessThan(FEW_SECONDS);
    }

    @Test
    void givesTheThreadOfOthersUpAtOnce() throws Exception {
        var compiled = CompiledSchema.compile(json(UNIQUE));

        assertThat(compiled.validateBriefly(json("[1,2,3]"))).contains(List.of());
        assertThat(compiled.validateBriefly(json(list(collidingIntegers(MANY))))).isEmpty();
    }

    /** Two, to the power of the dots, are the ways in which the library may read such a type. */
    @ParameterizedTest
    @ValueSource(strings = {"draft-04", "draft-06", "draft-07"})
    void readsTypesAndEncodingsOfTextsAsDescriptions(String draft) throws Exception {
        var schema = "{\"$schema\":\"http://json-schema.org/" + draft + "/schema#\",%s}";
        var open = "\"contentMediaType\":\"%s\"".formatted("text/plain;a=\\\"" + ".".repeat(40));
        for (var keyword : List.of(open, open.replace(".", "a."), open.replace(".", "\\\\."))) {
            var compiled = CompiledSchema.compile(json(schema.formatted(keyword)));

            assertThat(compiled.validateBriefly(json("\"x\""))).contains(List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contentMediaType\":\"application/json\"}",
                "{\"contentEncoding\":\"base64\"}",
                "{\"contentEncoding\":\"base64\",\"contentMediaType\":\"application/json\"}"
            })
    void parsesNoTextOfACaller(String keywords) throws Exception {
        var schema =
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"allOf\":["
                        + String.join(",", Collections.nCopies(1_900, keywords))
                        + "]}";
        var compiled = CompiledSchema.compile(json(schema));
        var text = json("\"" + "[".repeat(1_000_000) + "\"");
        compiled.validateBriefly(text);
        long started = THREADS.getCurrentThreadCpuTime();

        compiled.validateBriefly(text);

        assertThat(THREADS.getCurrentThreadCpuTime() - started).isLessThan(50_000_000L);
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws Exception {
        var compiled = CompiledSchema.compile(json(UNIQUE));
        var tree = json(list(collidingIntegers(MANY)));
        Thread.currentThread().interrupt();
        try {
            assertThat(compiled.validate(tree))
                    .containsExactly(new Violation("", "takes too much work to check"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void judgesFiveThousandItemsWhateverTheirHashes() throws Exception {
        var compiled = CompiledSchema.compile(json(UNIQUE));
        var items = collidingIntegers(5_000).toList();
        var twice = new ArrayList<>(items);
        twice.add(items.getFirst());

        assertThat(compiled.validate(json(list(items.stream())))).isEmpty();
        assertThat(compiled.validate(json(list(twice.stream())))).hasSize(1);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of("[1,1.0]", false),
                Arguments.of("[100,1e2]", false),
                Arguments.of("[0,-0]", false),
                Arguments.of("[1,\"1\"]", true),
                Arguments.of("[1,true]", true),
                Arguments.of("[0,false]", true),
                Arguments.of("[null,\"null\"]", true),
                Arguments.of("[true,\"true\"]", true),
                Arguments.of("[[1,2],[1.0,2]]", false),
                Arguments.of("[[1],[1,1]]", true),
                Arguments.of("[[[1],2],[1,[2]]]", true),
                Arguments.of("[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", false),
                Arguments.of("[{\"a\":\"b\"},{\"a\":\"b\\\"1:c\"}]", true),
                Arguments.of("[\"a,\",\"a\"]", true),
                Arguments.of("[{},[]]", true),
                Arguments.of("[\"\",null]", true));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void callsEqualWhatTheStandardCallsEqual(String value, boolean unique) throws Exception {
        var compiled = CompiledSchema.compile(json(UNIQUE));

        assertThat(compiled.validate(json(value)).isEmpty()).isEqualTo(unique);
    }

    @Test
    void rejectsAnEnumWhoseValuesCollide() {
        var values = list(collidingIntegers(100));

        assertThat(fault("{\"enum\":" + values + "}")).isEqualTo("schema_too_large");
    }

    @Test
    void readsAListOfCollidingNamesOfASchemaInTime() throws Exception {
        var names = collidingStrings(13);
        long started = System.nanoTime();

        CompiledSchema.compile(json("{\"required\":" + list(names.stream()) + "}"));

        assertThat(System.nanoTime() - started).isLessThan(FEW_SECONDS);
    }

    /** H3: 15 000 places below a name of 100 000 characters would be 1.5 GB of pointers. */
    @Test
    void rejectsPlacesThatCannotBeWrittenOut() {
        var inner =
                IntStream.range(0, 15_000)
                        .mapToObj(it -> "\"" + it + "\":{}")
                        .collect(Collectors.joining(",", "{", "}"));
        var name = "\"" + "n".repeat(49_000) + "\"";
        var schema = "{\"properties\":{" + name + ":{\"properties\":" + inner + "}}}";

        assertThat(fault(schema)).isEqualTo("schema_too_large");
    }

    private static String fault(String schema) {
        return catchThrowableOfType(
                        RejectedSchema.class, () -> CompiledSchema.compile(json(schema)))
                .rule();
    }

    /** Integers whose hash codes are all the same: so are those of a+31·b for fixed sums. */
    private static Stream<String> collidingIntegers(int count) {
        // BigInteger's hash is a polynomial of its 32-bit words in 31: w0·31 + w1 stays the same
        return IntStream.range(1, count + 1)
                .mapToObj(word ->
                        BigInteger.valueOf(word)
                                .shiftLeft(32)
                                .add(BigInteger.valueOf(4_000_000_000L - 31L * word)))
                .map(BigInteger::toString);
    }

    /** 2^pairs strings in quotes: "Aa" and "BB" have one hash code. */
    private static List<String> collidingStrings(int pairs) {
        var strings = List.of("");
        for (int at = 0; at < pairs; at++) {
            strings = strings.stream().flatMap(it -> Stream.of(it + "Aa", it + "BB")).toList();
        }
        return strings.stream().map(it -> "\"" + it + "\"").toList();
    }

    private static String names(int count) {
        return list(IntStream.range(0, count).mapToObj(it -> "\"n" + it + "\""));
    }

    private static String list(Stream<String> items) {
        return items.collect(Collectors.joining(",", "[", "]"));
    }

    private static JsonNode json(String text) throws MalformedJson {
        return StrictJson.read(text);
    }
}
