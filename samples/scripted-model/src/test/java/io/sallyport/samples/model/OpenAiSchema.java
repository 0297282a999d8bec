package io.sallyport.samples.model;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks bodies against OpenAI's own description of them. */
final class OpenAiSchema {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final ObjectNode DEFINITIONS = definitions();

    private OpenAiSchema() {}

    /** What is wrong with {@code body} as a {@code type}, such as {@code ErrorResponse}. */
    static List<String> faults(String type, JsonNode body) {
        var schema = DEFINITIONS.deepCopy().put("$ref", "#/$defs/" + type);
        return REGISTRY.getSchema(schema).validate(body).stream().map(Object::toString).toList();
    }

    private static ObjectNode definitions() {
        var path = "/openai/chat-completions.schema.json";
        try (var file = OpenAiSchema.class.getResourceAsStream(path)) {
            var bytes = Objects.requireNonNull(file, path).readAllBytes();
            return (ObjectNode) JsonMapper.shared().readTree(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
