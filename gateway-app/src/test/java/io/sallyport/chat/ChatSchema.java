package io.sallyport.chat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's schema of what a Chat Completions endpoint answers, made strict: a member that it does
 * not name is a violation, except {@code x_sallyport} beside {@code choices}.
 */
public final class ChatSchema {
    private static final String RESOURCE = "/openai/chat-completions.schema.json";
    private static final Set<String> COMBINED = Set.of("allOf", "anyOf", "oneOf", "$ref");
    private static final ObjectNode STRICT = strict();

    /** A whole {@code chat.completion}. */
    public static final ChatSchema COMPLETION = new ChatSchema("CreateChatCompletionResponse");

    /** One chunk of a stream. */
    public static final ChatSchema CHUNK = new ChatSchema("CreateChatCompletionStreamResponse");

    /** An error, as a body or in a stream. */
    public static final ChatSchema ERROR = new ChatSchema("ErrorResponse");

    public static final ChatSchema MODELS = new ChatSchema("ListModelsResponse");
    public static final ChatSchema MODEL = new ChatSchema("Model");

    private final Schema schema;

    private ChatSchema(String definition) {
        var root = STRICT.deepCopy();
        root.put("$ref", "#/$defs/" + definition);
        schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(root);
    }

    /** What is wrong with {@code json}, one sentence each; empty for nothing. */
    public List<String> violations(String json) {
        try {
            return violations(StrictJson.read(json));
        } catch (MalformedJson e) {
            return List.of("not JSON: " + e.fault().code());
        }
    }

    public List<String> violations(JsonNode tree) {
        return schema.validate(tree).stream().map(Object::toString).toList();
    }

    private static ObjectNode strict() {
        var root = read();
        closeAll(root.path("$defs"));
        for (var name :
                List.of("CreateChatCompletionResponse", "CreateChatCompletionStreamResponse")) {
            var properties = (ObjectNode) root.path("$defs").path(name).path("properties");
            properties.putObject("x_sallyport").put("type", "object");
        }
        return root;
    }

    private static ObjectNode read() {
        try (var file = Objects.requireNonNull(ChatSchema.class.getResourceAsStream(RESOURCE))) {
            return (ObjectNode) StrictJson.read(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedJson e) {
            throw new IllegalStateException(e);
        }
    }

    private static void closeAll(JsonNode node) {
        switch (node) {
            case ObjectNode object -> {
                close(object);
                object.forEach(ChatSchema::closeAll);
            }
            case ArrayNode array -> array.forEach(ChatSchema::closeAll);
            case JsonNode _ -> {}
        }
    }

    private static void close(ObjectNode schema) {
        var isPlainObject =
                schema.path("properties").isObject()
                        && COMBINED.stream().noneMatch(schema::has)
                        && !schema.has("additionalProperties");
        if (isPlainObject) {
            schema.set("additionalProperties", JsonNodeFactory.instance.booleanNode(false));
        }
    }
}
