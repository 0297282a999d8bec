package io.sallyport.catalog.schema;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.StrictJson;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema that passed every check and may be compiled.
 *
 * @param schema a copy without the members that name or import anything: all its references are
 *     known to stay inside it
 */
record CheckedSchema(SchemaDialect dialect, SchemaGraph graph, JsonNode schema) {
    private static final Set<String> IDENTITY = Set.of("$id", "$schema", "$vocabulary");

    static CheckedSchema of(JsonNode schema) throws RejectedSchema {
        if (!schema.isObject()) {
            throw SchemaRules.invalid("");
        }
        checkSize(schema);
        var dialect = SchemaDialect.of(schema);
        var graph = SchemaGraph.of(schema);
        for (var subschema : graph.all()) {
            dialect.checkKept(subschema.node, subschema.pointer);
        }
        SchemaBudget.check(graph);
        SchemaPatterns.check(graph);
        dialect.checkMetaSchema(schema);
        return new CheckedSchema(dialect, graph, anonymous(schema, graph));
    }

    /** Comes first, so that nothing after it meets a tree of unknown depth. */
    private static void checkSize(JsonNode schema) throws RejectedSchema {
        if (isDeeper(schema, StrictJson.MAX_DEPTH)
                || JsonText.write(schema).length > SchemaRules.MAX_BYTES) {
            throw SchemaRules.tooLarge("");
        }
    }

    private static boolean isDeeper(JsonNode node, int levels) {
        if (!node.isContainer()) {
            return false;
        }
        if (levels == 0) {
            return true;
        }
        for (var child : node) {
            if (isDeeper(child, levels - 1)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode anonymous(JsonNode schema, SchemaGraph graph) {
        var copy = schema.deepCopy();
        for (var subschema : graph.all()) {
            if (copy.at(JsonPointer.compile(subschema.pointer)) instanceof ObjectNode object) {
                object.remove(IDENTITY);
            }
        }
        return copy;
    }
}
