package io.sallyport.vetting.schema;

import io.sallyport.catalog.JsonText;
import io.sallyport.catalog.RejectedSchema;
import io.sallyport.catalog.StrictJson;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema that passed every check and may be compiled.
 *
 * @param schema a copy without the members that name or import anything: all its references are
 *     known to stay inside it; and without those that are not judged
 * @param unjudged where those stand
 * @param size what of it is compiled
 * @param bytes of its JSON text
 */
record CheckedSchema(
        SchemaDialect dialect,
        SchemaGraph graph,
        JsonNode schema,
        List<String> unjudged,
        CompiledSize size,
        int bytes) {
    private static final Set<String> IDENTITY = Set.of("$id", "$schema", "$vocabulary");

    CheckedSchema {
        unjudged = List.copyOf(unjudged);
    }

    /** Takes {@code listed} as its server spelled it. */
    static CheckedSchema of(JsonNode listed) throws RejectedSchema {
        if (!listed.isObject()) {
            throw SchemaRules.invalid("");
        }
        var bytes = checkedSize(listed);
        var named = SchemaDialect.of(listed);
        var schema = SchemaSpelling.compiled(listed, named);
        var graph = SchemaGraph.of(schema);
        for (var subschema : graph.all()) {
            named.checkKept(subschema.node, subschema.pointer);
        }
        SchemaBudget.check(graph);
        var patterns = SchemaPatterns.of(graph);
        var size = CompiledSize.of(graph, patterns);
        var unjudged = patterns.unjudged();
        var dialect = named.spokenIn(graph);
        dialect.checkMetaSchema(schema);
        return new CheckedSchema(
                dialect,
                graph,
                judged(schema, graph, unjudged),
                unjudged.stream().map(SchemaPatterns::unjudged).toList(),
                size,
                bytes);
    }

    /** Comes first, so that nothing after it meets a tree of unknown depth. */
    private static int checkedSize(JsonNode schema) throws RejectedSchema {
        if (isDeeper(schema, StrictJson.MAX_DEPTH)) {
            throw SchemaRules.tooLarge("");
        }
        var bytes = JsonText.write(schema).length;
        if (bytes > SchemaRules.MAX_BYTES) {
            throw SchemaRules.tooLarge("");
        }
        return bytes;
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

    private static JsonNode judged(JsonNode schema, SchemaGraph graph, List<Subschema> unjudged) {
        var copy = schema.deepCopy();
        for (var subschema : graph.all()) {
            if (copy.at(JsonPointer.compile(subschema.pointer)) instanceof ObjectNode object) {
                object.remove(IDENTITY);
            }
        }
        for (var subschema : unjudged) {
            ((ObjectNode) copy.at(JsonPointer.compile(subschema.pointer))).remove("pattern");
        }
        return copy;
    }
}
