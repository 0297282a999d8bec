package io.sallyport.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Where schemas hold schemas, in all drafts together: a keyword that only another dialect knows is
 * walked as well, which can only find more.
 */
public final class Applicators {
    /** Receives each schema that a schema holds directly; what it throws ends the visit. */
    public interface Visitor<E extends Exception> {
        void visit(Held held) throws E;
    }

    /**
     * A schema in a schema.
     *
     * @param onTrial whether the holder decides by whether this one fits
     */
    public record Held(Use use, boolean onTrial, String pointer, JsonNode schema) {}

    /** What a held schema is applied to. */
    public enum Use {
        SAME_VALUE,
        PART_OF_VALUE,
        /** Nothing, until something refers to it. */
        DEFINITION
    }

    /**
     * Keywords that decide by whether what they hold fits: with a part of it left out they would
     * allow what they refuse, or look at other members. What the other keywords hold must fit, so
     * that less of it only allows more.
     */
    private static final Set<String> TRIALS =
            Set.of(
                    "not",
                    "if",
                    "oneOf",
                    "anyOf",
                    "contains",
                    "patternProperties",
                    "propertyNames",
                    "unevaluatedProperties",
                    "unevaluatedItems");

    private enum Form {
        ONE,
        LIST,
        MAP
    }

    private record Applicator(Use use, Form form) {
        boolean isMap() {
            return form == Form.MAP;
        }
    }

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

    /** Shows {@code visitor} each schema that {@code schema} holds directly. */
    public static <E extends Exception> void visit(
            String pointer, JsonNode schema, Visitor<E> visitor) throws E {
        for (var member : schema.properties()) {
            var applicator = BY_KEYWORD.get(member.getKey());
            if (applicator != null) {
                var at = JsonPointers.append(pointer, member.getKey());
                boolean onTrial = TRIALS.contains(member.getKey());
                for (var held : held(applicator, at, member.getValue())) {
                    // what is no schema is left to the meta-schema to refuse
                    if (held.getValue().isObject() || held.getValue().isBoolean()) {
                        visitor.visit(
                                new Held(
                                        applicator.use(), onTrial, held.getKey(), held.getValue()));
                    }
                }
            }
        }
    }

    /** Whether {@code keyword} holds schemas by names. */
    public static boolean holdsNamed(String keyword) {
        var applicator = BY_KEYWORD.get(keyword);
        return applicator != null && applicator.isMap();
    }

    private static List<Map.Entry<String, JsonNode>> held(
            Applicator applicator, String pointer, JsonNode value) {
        var held = new ArrayList<Map.Entry<String, JsonNode>>();
        // "items" of older drafts may be one schema or a list of them
        if (applicator.form() == Form.LIST || value.isArray()) {
            for (int at = 0; at < value.size(); at++) {
                held.add(Map.entry(JsonPointers.append(pointer, at), value.path(at)));
            }
        } else if (applicator.isMap()) {
            value.properties()
                    .forEach(it ->
                            held.add(
                                    Map.entry(
                                            JsonPointers.append(pointer, it.getKey()),
                                            it.getValue())));
        } else {
            held.add(Map.entry(pointer, value));
        }
        return held;
    }
}
