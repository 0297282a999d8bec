package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import io.sallyport.catalog.StrictJson;
import io.sallyport.catalog.Violation;
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
import tools.jackson.databind.JsonNode;

/**
 * H1, H3: the library writes a part of the schema, or the value, out for each fault. That is
 * charged by its length, and none of it is kept.
 */
@Timeout(120)
class WrittenFaultsTest {
    private static final long MAX_WORK = 15_000_000;
    private static final long BRIEF_WORK = 50_000;
    private static final List<Violation> TOO_MUCH =
            List.of(new Violation("", "takes too much work to check"));
    private static final int LENGTH = 200_000;

    /** One character that is not of Latin-1 doubles what a text takes. */
    private static final String LONG = "\"" + "x".repeat(LENGTH) + "€\"";

    private static final String DRAFT_07 = "http://json-schema.org/draft-07/schema#";

    /** Keywords that are broken by each item of a list, and an item. */
    static Stream<Arguments> writing() {
        return Stream.of(
                item("\"not\":{\"description\":" + LONG + "}", "0"),
                item("\"not\":{\"description\":" + LONG + ",\"type\":\"string\"}", "\"a\""),
                item("\"const\":{\"a\":" + LONG + "}", "0"),
                item("\"const\":[" + LONG + "]", "{}"),
                item("\"const\":" + LONG, "0"),
                item("\"contains\":{\"const\":" + LONG + "}", "[]"),
                item("\"contains\":{\"title\":" + LONG + "},\"maxContains\":1", "[1,2]"),
                item("\"dependencies\":{\"a\":[\"b\"],\"c\":[" + LONG + "]}", "{\"a\":1}"),
                item("\"propertyNames\":{\"not\":{\"title\":" + LONG + "}}", "{\"a\":1}"),
                item("\"anyOf\":[{\"not\":{\"title\":" + LONG + "}}]", "0"),
                item("\"oneOf\":[{\"not\":{\"title\":" + LONG + "}},false]", "0"),
                item("\"required\":[" + LONG + "]", "{}"),
                item("\"dependentRequired\":{\"a\":[" + LONG + "]}", "{\"a\":1}"));
    }

    private static Arguments item(String keywords, String item) {
        return Arguments.of("{\"items\":{" + keywords + "}}", item);
    }

    @ParameterizedTest
    @MethodSource("writing")
    void isChargedByItsLength(String schema, String item) throws Exception {
        var compiled = CompiledSchema.compile(json(schema));
        var effort = Effort.counted();

        compiled.validate(json(list(item, 10)), effort);

        assertThat(effort.spent()).isBetween(10L * LENGTH / 4, MAX_WORK);
    }

    @ParameterizedTest
    @MethodSource("writing")
    void endsWithTheAllowance(String schema, String item) throws Exception {
        var compiled = CompiledSchema.compile(json(schema));
        var many = json(list(item, 2_000));
        var brief = Effort.brief();

        assertThat(compiled.validate(many, Effort.counted())).isEqualTo(TOO_MUCH);
        assertThat(compiled.validateBriefly(many, brief)).isEmpty();
        assertThat(brief.spent()).isLessThanOrEqualTo(BRIEF_WORK);
    }

    @Test
    void isChargedInOlderDraftsAlike() throws Exception {
        var names =
                IntStream.range(0, 300)
                        .mapToObj(it -> "\"" + "n".repeat(500) + it + "\"")
                        .collect(Collectors.joining(","));
        var schema = "{\"$schema\":\"" + DRAFT_07 + "\",\"dependencies\":{\"a\":[" + names + "]}}";
        var compiled = CompiledSchema.compile(json(schema));

        assertThat(compiled.validate(json("{\"a\":1}"), Effort.counted())).hasSize(1);
        assertThat(compiled.validateBriefly(json("{\"a\":1}"))).isEmpty();
    }

    @Test
    void isNotKept() {
        var context = new BoundedContext();
        var error = fault("x".repeat(1_000_000));

        Effort.counted().run(() -> add(context, error));

        assertThat(context.getErrors()).hasSize(2).allMatch(WrittenFaultsTest::isShort);
    }

    @Test
    void countsWhatTheLibraryAddsToItsOwnListsToo() {
        var context = new BoundedContext();
        var effort = Effort.counted();
        var error = fault("x".repeat(4_000));

        effort.run(() -> {
            context.setErrors(new ArrayList<>());
            return add(context, error);
        });

        assertThat(effort.spent()).isEqualTo(2 * 1_100);
    }

    private static boolean add(BoundedContext context, Error error) {
        context.addError(error);
        return context.getErrors().add(error);
    }

    private static boolean isShort(Error error) {
        return error.getArguments() == null && error.getMessage().isEmpty();
    }

    private static Error fault(String text) {
        return Error.builder().keyword("not").arguments(text).messageSupplier(() -> text).build();
    }

    /** What is kept says the same of a value as before. */
    @Test
    void saysWhatAndWhere() throws Exception {
        var schema =
                """
                {"properties":{"a":{"not":{"type":"integer"}},"b":{"const":[1]}},
                 "dependentRequired":{"a":["c"]},"propertyNames":{"maxLength":2}}\
                """;

        var value = json("{\"a\":1,\"b\":2,\"ccc\":3}");

        var found = CompiledSchema.compile(json(schema)).validate(value);

        assertThat(found)
                .extracting(Violation::toString)
                .anyMatch(it -> it.contains("/a") && it.contains("does not satisfy not"))
                .anyMatch(it -> it.contains("/b") && it.contains("must be [1]"))
                .anyMatch(it -> it.contains("lacks the member"))
                .anyMatch(it -> it.contains("does not satisfy propertyNames"));
    }

    private static String list(String item, int count) {
        return "[" + String.join(",", Collections.nCopies(count, item)) + "]";
    }

    private static JsonNode json(String text) throws Exception {
        return StrictJson.read(text);
    }
}
