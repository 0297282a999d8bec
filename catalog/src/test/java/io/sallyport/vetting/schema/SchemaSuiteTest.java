package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The official suite's cases on references and patterns: a schema is either refused for a reason
 * that is ours, or judges as the suite says. Never a wrong verdict.
 */
class SchemaSuiteTest {
    record Case(String file, JsonNode group) {
        @Override
        public String toString() {
            return file + ": " + group.get("description").stringValue();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                        "jsts-ref",
                        "jsts-refRemote",
                        "jsts-dynamicRef",
                        "jsts-infinite-loop-detection",
                        "jsts-pattern",
                        "jsts-patternProperties")
                .flatMap(SchemaSuiteTest::cases);
    }

    private static Stream<Case> cases(String file) {
        var groups = Corpus.json(Corpus.text(file + ".json"));
        return StreamSupport.stream(groups.spliterator(), false)
                .map(group -> new Case(file, group));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesAsTheSuiteSaysOrRefusesTheSchema(Case test) {
        CompiledSchema schema;
        try {
            schema = CompiledSchema.compile(test.group().get("schema"));
        } catch (RejectedSchema e) {
            assertThat(e.rule()).isIn("external_ref", "unsupported_dialect", "invalid_schema");
            return;
        }
        for (var instance : test.group().get("tests")) {
            assertThat(schema.validate(instance.get("data")).isEmpty())
                    .as(instance.get("description").stringValue())
                    .isEqualTo(instance.get("valid").booleanValue());
        }
    }

    @Test
    void refusesOnlyWhatLeavesTheSchema() {
        var refused = cases().filter(test -> rejection(test).isPresent()).toList();
        assertThat(refused.stream().map(Case::file).distinct())
                .containsExactlyInAnyOrder("jsts-ref", "jsts-refRemote", "jsts-dynamicRef");
        assertThat(refused)
                .allSatisfy(test ->
                        assertThat(test.group().get("schema").toString())
                                .containsAnyOf("$id", "http", "urn:"));
    }

    private static Optional<RejectedSchema> rejection(Case test) {
        return Optional.ofNullable(
                catchThrowableOfType(
                        RejectedSchema.class,
                        () -> CompiledSchema.compile(test.group().get("schema"))));
    }

    static List<JsonNode> hostile() {
        return Corpus.lines("hostile-schemas.jsonl");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void judgesHostileSchemasAsExpected(JsonNode line) throws RejectedSchema {
        var schema = line.get("schema");
        var accepted = Set.of("regex-overflow", "draft-07", "legit-recursive");
        if (accepted.contains(line.get("id").stringValue())) {
            CompiledSchema.compile(schema);
            return;
        }
        var rejection =
                catchThrowableOfType(RejectedSchema.class, () -> CompiledSchema.compile(schema));
        assertThat(rejection.rule()).isEqualTo(expected(line.get("expect").stringValue()));
    }

    /** The corpus writes a status and mostly a code, or a remark. */
    private static String expected(String expectation) {
        return switch (expectation) {
            case "422 too_deep" -> "schema_too_large";
            case "422 (inputSchema must be an object)" -> "invalid_schema";
            default -> expectation.substring("422 ".length());
        };
    }
}
