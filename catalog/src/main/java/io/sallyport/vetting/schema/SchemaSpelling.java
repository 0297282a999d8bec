package io.sallyport.vetting.schema;

import io.sallyport.catalog.AbsentKeywords;
import io.sallyport.catalog.Applicators;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings what older drafts and careless serialisers write to the spelling that is compiled. Every
 * schema keeps its place, so that pointers into one are pointers into the other.
 *
 * <ul>
 *   <li>What means nothing is absent ({@link AbsentKeywords}).
 *   <li>{@code exclusiveMinimum: true} of draft-04 is the {@code minimum} beside it.
 *   <li>{@code required: true} in a property, older still, is its name in the list beside it.
 *   <li>{@code id} of draft-04 is {@code $id}.
 *   <li>{@code %7E} in a reference is a tilde (RFC 3986, 6.2.2.2), which may begin an escape.
 * </ul>
 */
final class SchemaSpelling {
    private static final Pattern TILDE = Pattern.compile("%7E", Pattern.CASE_INSENSITIVE);

    private final boolean idWithoutDollar;

    private SchemaSpelling(boolean idWithoutDollar) {
        this.idWithoutDollar = idWithoutDollar;
    }

    /** A copy of {@code schema}, whose depth is bounded, as it is compiled. */
    static JsonNode compiled(JsonNode schema, SchemaDialect dialect) {
        var copy = schema.deepCopy();
        new SchemaSpelling(dialect.spellsIdWithoutDollar()).respell(copy);
        return copy;
    }

    private void respell(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            AbsentKeywords.drop(object);
            listRequired(object);
            bound(object, "exclusiveMinimum", "minimum");
            bound(object, "exclusiveMaximum", "maximum");
            SchemaGraph.REFERENCES.forEach(it -> spellTilde(object, it));
            if (idWithoutDollar && object.path("id").isString()) {
                object.set("$id", object.remove("id"));
            }
            Applicators.visit("", object, held -> respell(held.schema()));
        }
    }

    private static void listRequired(ObjectNode schema) {
        for (var property : schema.path("properties").properties()) {
            boolean says = property.getValue().path("required").isBoolean();
            if (!says || !(property.getValue() instanceof ObjectNode object)) {
                continue;
            }
            var required = schema.path("required");
            boolean isRequired = object.remove("required").booleanValue();
            if (isRequired && (required.isMissingNode() || required.isArray())) {
                list(schema, property.getKey());
            }
        }
    }

    private static void list(ObjectNode schema, String name) {
        var list = schema.withArray("required");
        if (list.valueStream().noneMatch(it -> it.stringValue("").equals(name))) {
            list.add(name);
        }
    }

    private static void spellTilde(ObjectNode schema, String keyword) {
        var reference = schema.path(keyword);
        if (reference.isString()) {
            schema.put(keyword, TILDE.matcher(reference.stringValue()).replaceAll("~"));
        }
    }

    private static void bound(ObjectNode schema, String exclusive, String inclusive) {
        var said = schema.path(exclusive);
        if (!said.isBoolean()) {
            return;
        }
        schema.remove(exclusive);
        if (said.booleanValue() && schema.path(inclusive).isNumber()) {
            schema.set(exclusive, schema.remove(inclusive));
        }
    }
}
