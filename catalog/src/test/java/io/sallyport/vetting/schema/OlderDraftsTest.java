package io.sallyport.vetting.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import io.sallyport.catalog.Corpus;
import io.sallyport.catalog.RejectedSchema;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** B5. Schemas of older drafts mean what these drafts say. */
class OlderDraftsTest {
    private static final int SCHEMAS = 1_000;
    private static final int VALUES = 25;

    enum Draft {
        DRAFT_04("http://json-schema.org/draft-04/schema#"),
        DRAFT_06("http://json-schema.org/draft-06/schema#"),
        DRAFT_07("http://json-schema.org/draft-07/schema#"),
        DRAFT_2019_09("https://json-schema.org/draft/2019-09/schema");

        private final String name;

        Draft(String name) {
            this.name = name;
        }

        private Schema plain(JsonNode schema) {
            return SchemaRegistry.withDefaultDialect(dialect()).getSchema(schema);
        }

        private Dialect dialect() {
            return switch (this) {
                case DRAFT_04 -> Dialects.getDraft4();
                case DRAFT_06 -> Dialects.getDraft6();
                case DRAFT_07 -> Dialects.getDraft7();
                case DRAFT_2019_09 -> Dialects.getDraft201909();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void judgesAsAValidatorOfThatDraft(Draft draft) throws RejectedSchema {
        var random = new Random(8);
        int fitting = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            var schema = new Drawing(random, draft).schema(3);
            schema.put("$schema", draft.name);
            var compiled = CompiledSchema.compile(schema);
            assertThat(compiled.unjudged()).isEmpty();
            var plain = draft.plain(schema);
            for (int j = 0; j < VALUES; j++) {
                var value = new Drawing(random, draft).value(3);
                boolean fits = plain.validate(value).isEmpty();
                assertThat(compiled.validate(value).isEmpty())
                        .as("%s for %s", schema, value)
                        .isEqualTo(fits);
                fitting += fits ? 1 : 0;
            }
        }
        assertThat(fitting).isBetween(SCHEMAS * VALUES / 5, SCHEMAS * VALUES * 4 / 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"minimum\":5,\"exclusiveMinimum\":true}                 | 6        | 5",
                "{\"minimum\":5,\"exclusiveMinimum\":false}                | 5        | 4",
                "{\"maximum\":5,\"exclusiveMaximum\":true}                 | 4.9      | 5",
                "{\"exclusiveMaximum\":true,\"minimum\":1}                 | 1        | 0",
                "{\"items\":[{\"type\":\"string\"},{\"type\":\"integer\"}]} | [\"a\",1] | [1]",
                "{\"items\":[{}],\"additionalItems\":false}                | [1]      | [1,2]",
                "{\"items\":[{}],\"additionalItems\":{\"type\":\"null\"}}  | [1,null] | [1,2]",
                "{\"properties\":{\"a\":{\"required\":true}},\"required\":[\"b\"]} | {\"a\":1,\"b\":1} | {\"b\":1}",
                "{\"properties\":{\"a\":{\"required\":true},\"b\":{\"required\":false}}} | {\"a\":1} | {\"b\":1}",
                "{\"dependencies\":{\"a\":[\"b\"]}}         | {\"a\":1,\"b\":1} | {\"a\":1}",
                "{\"dependencies\":{\"a\":{\"required\":[\"c\"]}}} | {\"a\":1,\"c\":1} | {\"a\":1}"
            })
    void readsOlderSpellingsWhateverASchemaCallsItself(String schema, String good, String bad)
            throws RejectedSchema {
        for (var name : List.of("", Draft.DRAFT_2019_09.name, DRAFT_2020_12)) {
            var tree = (ObjectNode) Corpus.json(schema);
            if (!name.isEmpty()) {
                tree.put("$schema", name);
            }
            var compiled = CompiledSchema.compile(tree);
            assertThat(compiled.validate(Corpus.json(good))).as(name).isEmpty();
            assertThat(compiled.validate(Corpus.json(bad))).as(name).isNotEmpty();
        }
    }

    private static final String DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema";

    /** What is not in a draft's own name: the other scheme, a mark at the end, white space. */
    @ParameterizedTest
    @CsvSource({
        "http://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/draft/2020-12/schema#",
        "https://json-schema.org/draft/2020-12/schema#",
        "'https://json-schema.org/draft/2020-12/schema '",
        "http://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft/2019-09/schema#",
        "'http://json-schema.org/draft-07/schema# '",
        "https://json-schema.org/draft-06/schema#",
        "'\thttps://json-schema.org/draft-04/schema'",
        "''",
        "' '"
    })
    void aDialectIsKnownUnderBothSchemes(String name) throws RejectedSchema {
        var tree =
                (ObjectNode)
                        Corpus.json(
                                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}");
        tree.put("$schema", name);
        tree.withObject("/properties/a").put("$schema", name);

        var compiled = CompiledSchema.compile(tree);

        assertThat(compiled.validate(Corpus.json("{\"a\":1}"))).isEmpty();
        assertThat(compiled.validate(Corpus.json("{\"a\":\"x\"}"))).isNotEmpty();
    }

    @Test
    void followsReferencesOfEveryDraft() throws RejectedSchema {
        for (var schema :
                List.of(
                        "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"id\":\"http://a.test/x\",\"definitions\":{\"n\":{\"type\":\"integer\"}},\"properties\":{\"a\":{\"$ref\":\"#/definitions/n\"},\"id\":{\"type\":\"string\"}}}",
                        "{\"$schema\":\"http://json-schema.org/draft-06/schema\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"$ref\":\"#/properties/a\"}}}",
                        "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"properties\":{\"a\":{\"type\":\"integer\"},\"next\":{\"$recursiveRef\":\"#\"}}}",
                        "{\"properties\":{\"a\":{\"$ref\":\"#/properties/t/items/1\"},\"t\":{\"items\":[{},{\"type\":\"integer\"}]}}}")) {
            var compiled = CompiledSchema.compile(Corpus.json(schema));
            assertThat(compiled.validate(Corpus.json("{\"a\":1,\"next\":{\"a\":2}}"))).isEmpty();
            assertThat(compiled.validate(Corpus.json("{\"a\":\"x\"}"))).isNotEmpty();
        }
        var recursive =
                CompiledSchema.compile(
                        Corpus.json(
                                "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"properties\":{\"a\":{\"type\":\"integer\"},\"next\":{\"$recursiveRef\":\"#\"}}}"));
        assertThat(recursive.validate(Corpus.json("{\"next\":{\"next\":{\"a\":\"x\"}}}")))
                .isNotEmpty();
    }

    /** Draws schemas of one draft and values that they may or may not fit. */
    private static final class Drawing {
        private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
        private static final List<String> NAMES = List.of("a", "b", "c", "x1");
        private static final List<String> TYPES =
                List.of("object", "array", "string", "number", "integer", "boolean", "null");
        private static final List<String> PATTERNS = List.of("^a", "b$", "^[a-c]*$", "x?1");

        private final Random random;
        private final Draft draft;

        Drawing(Random random, Draft draft) {
            this.random = random;
            this.draft = draft;
        }

        ObjectNode schema(int depth) {
            var schema = JSON.objectNode();
            int keywords = 1 + random.nextInt(3);
            for (int i = 0; i < keywords; i++) {
                add(schema, depth);
            }
            return schema;
        }

        private JsonNode held(int depth) {
            return draft != Draft.DRAFT_04 && random.nextInt(8) == 0
                    ? JSON.booleanNode(random.nextBoolean())
                    : schema(depth - 1);
        }

        private void add(ObjectNode schema, int depth) {
            int choice = random.nextInt(depth > 0 ? 18 : 8);
            switch (choice) {
                case 0 -> schema.put("type", any(TYPES));
                case 1 -> bounds(schema);
                case 2 -> schema.put("minLength", random.nextInt(3));
                case 3 -> schema.put("pattern", any(PATTERNS));
                case 4 -> schema.putArray("required").add(any(NAMES));
                case 5 -> schema.putArray("enum").add(value(1));
                case 6 -> schema.put("maxItems", random.nextInt(3)).put("uniqueItems", true);
                case 7 -> schema.put("multipleOf", 0.5).put("maxProperties", 2);
                case 8, 9, 10 -> schema.putObject("properties").set(any(NAMES), held(depth));
                case 11 -> schema.set("additionalProperties", held(depth));
                case 12 -> schema.putArray("items").add(held(depth)).add(held(depth));
                case 13 -> schema.set("additionalItems", held(depth));
                case 14 -> schema.set("not", held(depth));
                case 15 ->
                        schema.putArray(any(List.of("anyOf", "oneOf", "allOf")))
                                .add(held(depth))
                                .add(held(depth));
                case 16 -> schema.putObject("patternProperties").set(any(PATTERNS), held(depth));
                default -> addNewer(schema, depth);
            }
        }

        private void bounds(ObjectNode schema) {
            if (draft == Draft.DRAFT_04) {
                schema.put("minimum", random.nextInt(3))
                        .put("exclusiveMinimum", random.nextBoolean());
                schema.put("maximum", 2 + random.nextInt(3))
                        .put("exclusiveMaximum", random.nextBoolean());
            } else {
                schema.put("exclusiveMinimum", random.nextInt(3))
                        .put("maximum", 2 + random.nextInt(3));
            }
        }

        private void addNewer(ObjectNode schema, int depth) {
            switch (draft) {
                case DRAFT_04 -> schema.putObject("dependencies").set(any(NAMES), held(depth));
                case DRAFT_06 -> {
                    schema.set("contains", held(depth));
                    schema.set("const", value(1));
                }
                case DRAFT_07 -> {
                    schema.set("if", held(depth));
                    schema.set("then", held(depth));
                    schema.set("else", held(depth));
                }
                case DRAFT_2019_09 -> {
                    schema.set("contains", held(depth));
                    schema.put("minContains", random.nextInt(3));
                    schema.set("unevaluatedProperties", held(depth));
                    schema.putObject("dependentSchemas").set(any(NAMES), held(depth));
                }
            }
        }

        JsonNode value(int depth) {
            return switch (random.nextInt(depth > 0 ? 8 : 5)) {
                case 0 -> JSON.numberNode(random.nextInt(5));
                case 1 -> JSON.numberNode(random.nextInt(5) + (random.nextBoolean() ? 0.5 : 0.25));
                case 2 -> JSON.stringNode(any(List.of("", "a", "ab", "cb", "x1", "abca")));
                case 3 -> JSON.booleanNode(random.nextBoolean());
                case 4 -> JSON.nullNode();
                case 5 -> {
                    var list = JSON.arrayNode();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        list.add(value(depth - 1));
                    }
                    yield list;
                }
                default -> {
                    var object = JSON.objectNode();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        object.set(any(NAMES), value(depth - 1));
                    }
                    yield object;
                }
            };
        }

        private String any(List<String> choices) {
            return choices.get(random.nextInt(choices.size()));
        }
    }
}
