package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.Violation;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * H1: whatever the schema and the value, a validation ends soon after its thread is interrupted, by
 * its count and by the clock, and nothing goes on with work once it is exhausted.
 */
@Timeout(120)
class InterruptedValidationTest {
    private static final long BRIEF_WORK = 50_000;
    private static final long WORK_PER_LOOK = 100_000;
    private static final long MAX_WORK = 15_000_000;

    /** Generous: what the count allows takes 150 ms on a machine that has nothing else to do. */
    private static final long FEW_SECONDS = 5_000_000_000L;

    private static final int MANY = 60_000;
    private static final List<Violation> TOO_MUCH =
            List.of(new Violation("", "takes too much work to check"));

    /** Of 2 700 instructions, so that a name of ten characters costs half a millisecond. */
    private static final String PATTERN = "(a?){900}!";

    private static final String LONG_TEXT = "\"" + "a".repeat(900_000) + "\"";

    static Stream<Arguments> nasty() {
        return Stream.concat(ofManyNames(), ofOneMember());
    }

    private static Stream<Arguments> ofManyNames() {
        var names = object(MANY, it -> "\"aaaaaa" + Integer.toString(it, 36) + "\":1");
        var few = object(100, it -> "\"abcdefghij-klmnopqrst-uvwxyz" + it + "\":1");
        var ofPattern = "{\"patternProperties\":{\"" + PATTERN + "\":{}}}";
        var required = "{\"required\":[\"zz\"]}";
        return Stream.of(
                pair("\"if\":" + required + ",\"then\":" + ofPattern, names),
                pair("\"if\":{},\"else\":" + ofPattern, names),
                pair("\"if\":{},\"else\":" + ofPattern, few),
                pair("\"patternProperties\":{\"" + PATTERN + "\":{}}", few),
                pair("\"dependentSchemas\":{\"zz\":" + ofPattern + "}", names),
                pair("\"anyOf\":[true," + ofPattern + "]", names),
                pair("\"not\":{\"allOf\":[false," + ofPattern + "]}", names),
                pair("\"patternProperties\":{\"" + PATTERN + "\":{}}", names),
                pair("\"propertyNames\":{\"pattern\":\"" + PATTERN + "\"}", names),
                pair("\"additionalProperties\":{\"pattern\":\"a\"}", names),
                pair("\"unevaluatedProperties\":false", names),
                pair("\"maxProperties\":1,\"minProperties\":2", names),
                pair(many("{\"const\":{\"a\":[1]}}"), names),
                pair(many("{\"enum\":[{\"a\":[1]}]}"), names));
    }

    private static Stream<Arguments> ofOneMember() {
        return Stream.of(
                a(many("{\"const\":\"b\"}"), LONG_TEXT),
                a(many("{\"enum\":[\"b\"]}"), LONG_TEXT),
                a(many("{\"maxLength\":1}"), LONG_TEXT),
                a(many("{\"pattern\":\"b$\"}"), LONG_TEXT),
                a(many("{\"format\":\"idn-hostname\"}"), LONG_TEXT),
                a("\"items\":{\"type\":\"string\"}", array(it -> "1")),
                a("\"items\":{\"oneOf\":[{\"type\":\"string\"},{\"const\":1}]}", array(it -> "2")),
                a("\"contains\":{\"const\":1},\"minContains\":70000", array(it -> "1")),
                a("\"uniqueItems\":true", array(it -> it + "e-900")),
                a("\"items\":{\"multipleOf\":1e-999}", array(it -> it + "e999")),
                a("\"unevaluatedItems\":false", array(it -> "{}")),
                a("\"required\":" + strings(9_000), "{}"),
                a("\"dependentRequired\":{\"a\":" + strings(9_000) + "}", "{\"a\":1}"),
                a("\"items\":{\"enum\":" + longStrings() + "}", array(it -> "1")),
                a(
                        "\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"},{\"$ref\":\"#\"}]",
                        "{\"a\":".repeat(40) + "1" + "}".repeat(40)));
    }

    @ParameterizedTest
    @MethodSource("nasty")
    void anInterruptEndsTheWholeValidation(String schema, String value) throws Exception {
        var compiled = CompiledSchema.compile(json(schema)).closed();
        var tree = json(value);
        var effort = Effort.bounded();
        Thread.currentThread().interrupt();
        long started = System.nanoTime();
        try {
            var violations = compiled.validate(tree, effort);

            assertThat(effort.spent()).isLessThanOrEqualTo(WORK_PER_LOOK);
            assertThat(violations).isNotNull();
            assertThat(System.nanoTime() - started).isLessThan(FEW_SECONDS);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("nasty")
    void theCallersOwnThreadNeverWorksBeyondItsAllowance(String schema, String value)
            throws Exception {
        var compiled = CompiledSchema.compile(json(schema)).closed();
        var tree = json(value);
        var effort = Effort.brief();
        long started = System.nanoTime();

        var brief = compiled.validateBriefly(tree, effort);

        assertThat(effort.spent()).isLessThanOrEqualTo(BRIEF_WORK);
        assertThat(System.nanoTime() - started).isLessThan(FEW_SECONDS);
        assertThat(brief.map(List::size).orElse(0)).isLessThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("nasty")
    void nobodyWorksBeyondTheWholeAllowance(String schema, String value) throws Exception {
        var compiled = CompiledSchema.compile(json(schema)).closed();
        var tree = json(value);
        var effort = Effort.bounded();
        long started = System.nanoTime();

        compiled.validate(tree, effort);

        assertThat(effort.spent()).isLessThanOrEqualTo(MAX_WORK);
        assertThat(System.nanoTime() - started).isLessThan(FEW_SECONDS);
    }

    @Test
    void undeclaredNamesAndTheSchemaShareOneAllowance() throws Exception {
        var schema =
                "{\"type\":\"object\",\"if\":{\"required\":[\"absent\"]},\"then\":"
                        + "{\"patternProperties\":{\"[a-z]{0,900}!\":{}}}}";
        var compiled = CompiledSchema.compile(json(schema)).closed();
        var declared = object(2_000, it -> "\"" + Integer.toString(it, 36) + "!\":1");
        var undeclared = object(2_000, it -> "\"" + Integer.toString(it, 36) + "\":1");

        assertThat(compiled.validate(json(declared), Effort.counted())).isEqualTo(TOO_MUCH);
        assertThat(compiled.validate(json(undeclared), Effort.counted())).hasSize(20);
        assertThat(compiled.validateBriefly(json(undeclared))).isEmpty();
    }

    @Test
    void whatIsExhaustedStaysExhausted() {
        var effort = Effort.bounded();
        assertThat(effort.run(() -> isAffordable(MAX_WORK + 1))).isFalse();
        assertThat(effort.run(() -> isAffordable(0))).isFalse();

        var interrupted = Effort.bounded();
        Thread.currentThread().interrupt();
        assertThat(interrupted.run(() -> isAffordable(WORK_PER_LOOK))).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted.run(() -> isAffordable(1))).isFalse();
    }

    private static boolean isAffordable(long work) {
        try {
            Effort.charge(work);
            return true;
        } catch (Effort.Exhausted _) {
            return false;
        }
    }

    /** A schema of an object, and a value. */
    private static Arguments pair(String keywords, String value) {
        return Arguments.of("{\"type\":\"object\"," + keywords + "}", value);
    }

    /** A schema of a member, and its value. */
    private static Arguments a(String keywords, String value) {
        return pair("\"properties\":{\"a\":{" + keywords + "}}", "{\"a\":" + value + "}");
    }

    private static String many(String schema) {
        return "\"anyOf\":[" + String.join(",", Collections.nCopies(900, schema)) + "]";
    }

    private static String array(IntFunction<String> item) {
        return list(IntStream.range(0, MANY).mapToObj(item));
    }

    private static String object(int count, IntFunction<String> member) {
        return IntStream.range(0, count)
                .mapToObj(member)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String strings(int count) {
        return list(IntStream.range(0, count).mapToObj(it -> "\"n" + it + "\""));
    }

    /** Nearly all that a schema may hold, in one keyword that a fault quotes. */
    private static String longStrings() {
        return list(IntStream.range(0, 900).mapToObj(it -> "\"" + "x".repeat(250) + it + "\""));
    }

    private static String list(Stream<String> items) {
        return items.collect(Collectors.joining(",", "[", "]"));
    }

    private static JsonNode json(String text) throws Exception {
        return StrictJson.read(text);
    }
}
