package io.sallyport.catalog.schema;

import io.sallyport.catalog.JsonPointers;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Where schemas hold schemas, in draft-07 and 2020-12 together: a keyword that only the other
 * dialect knows is walked as well, which can only find more.
 */
final class Applicators {
    /** Receives each schema that a schema holds directly; what it throws ends the visit. */
    interface Visitor<E extends Exception> {
        void visit(Use use, String pointer, JsonNode schema) throws E;
    }

    /** What a held schema is applied to. */
    enum Use {
        SAME_VALUE,
        PART_OF_VALUE,
        /** Nothing, until something refers to it. */
        DEFINITION
    }

    private enum Form {
        ONE,
        LIST,
        MAP
    }

    private record Applicator(Use use, Form form) {}

    private static final Applicator SAME = new Applicator(Use.SAME_VALUE, Form.ONE);
    private static final Applicator SAME_LIST = new Applicator(Use.SAME_VALUE, Form.LIST);
    private static final Applicator SAME_MAP = new Applicator(Use.SAME_VALUE, Form.MAP);
    private static final Applicator PART = new Applicator(Use.PART_OF_VALUE, Form.ONE);
    private static final Applicator PART_LIST = new Applicator(Use.PART_OF_VALUE, Form.LIST);
    private static final Applicator PART_MAP = new Applicator(Use.PART_OF_VALUE, Form.MAP);
    private static final Applicator DEFINITIONS = new Applicator(Use.DEFINITION, Form.MAP);

    private static final Map<String, Applicator> BY_KEYWORD =
            Map.ofEntries(
                    Map.entry("allOf", SAME_LIST),
                    Map.entry("anyOf", SAME_LIST),
                    Map.entry("oneOf", SAME_LIST),
                    Map.entry("not", SAME),
                    Map.entry("if", SAME),
                    Map.entry("then", SAME),
                    Map.entry("else", SAME),
                    Map.entry("dependentSchemas", SAME_MAP),
                    Map.entry("dependencies", SAME_MAP),
                    Map.entry("properties", PART_MAP),
                    Map.entry("patternProperties", PART_MAP),
                    Map.entry("additionalProperties", PART),
                    Map.entry("unevaluatedProperties", PART),
                    Map.entry("propertyNames", PART),
                    Map.entry("items", PART),
                    Map.entry("prefixItems", PART_LIST),
                    Map.entry("additionalItems", PART),
                    Map.entry("unevaluatedItems", PART),
                    Map.entry("contains", PART),
                    Map.entry("contentSchema", PART),
                    Map.entry("$defs", DEFINITIONS),
                    Map.entry("definitions", DEFINITIONS));

    private Applicators() {}

    static <E extends Exception> void visit(String pointer, JsonNode schema, Visitor<E> visitor)
            throws E {
        for (var member : schema.properties()) {
            var applicator = BY_KEYWORD.get(member.getKey());
            if (applicator != null) {
                var at = JsonPointers.append(pointer, member.getKey());
                visit(applicator, at, member.getValue(), visitor);
            }
        }
    }

    private static <E extends Exception> void visit(
            Applicator applicator, String pointer, JsonNode value, Visitor<E> visitor) throws E {
        // draft-07's "items" may be one schema or a list of them
        if (applicator.form() == Form.LIST || value.isArray()) {
            for (int at = 0; at < value.size(); at++) {
                offer(applicator, JsonPointers.append(pointer, at), value.path(at), visitor);
            }
        } else if (applicator.form() == Form.MAP) {
            for (var member : value.properties()) {
                var at = JsonPointers.append(pointer, member.getKey());
                offer(applicator, at, member.getValue(), visitor);
            }
        } else {
            offer(applicator, pointer, value, visitor);
        }
    }

    /** What is no schema is left to the meta-schema to refuse. */
    private static <E extends Exception> void offer(
            Applicator applicator, String pointer, JsonNode value, Visitor<E> visitor) throws E {
        if (value.isObject() || value.isBoolean()) {
            visitor.visit(applicator.use(), pointer, value);
        }
    }
}
