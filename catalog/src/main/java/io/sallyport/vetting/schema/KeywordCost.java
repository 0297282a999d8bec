package io.sallyport.vetting.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.path.NodePath;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What one evaluation of a keyword costs at most, in units of about 10 ns. Estimates, on the safe
 * side: they have to catch what grows with the value or the schema.
 */
final class KeywordCost {
    /** A call, a look-up, a path. */
    private static final long BASE = 15;

    private static final long PER_MEMBER = 4;
    private static final long PER_COMPARED_NODE = 10;
    private static final int CHARACTERS_PER_UNIT = 16;

    private enum Grows {
        WITH_MEMBERS,
        WITH_ALL_NODES,
        WITH_LENGTH,
        WITH_ANNOTATIONS
    }

    private final Grows grows;
    private final long fixed;

    private KeywordCost(Grows grows, long fixed) {
        this.grows = grows;
        this.fixed = fixed;
    }

    /**
     * @param limit the keyword's value in the schema
     */
    static KeywordCost of(String keyword, JsonNode limit) {
        long fixed = BASE + PER_MEMBER * (limit.size() + listed(limit)) + ofNumber(limit);
        return switch (keyword) {
            // looked up in a table, however long it is
            case "enum" -> new KeywordCost(Grows.WITH_ALL_NODES, BASE);
            case "const" -> new KeywordCost(Grows.WITH_ALL_NODES, fixed);
            case "minLength", "maxLength" -> new KeywordCost(Grows.WITH_LENGTH, fixed);
            case "unevaluatedProperties", "unevaluatedItems" ->
                    new KeywordCost(Grows.WITH_ANNOTATIONS, fixed);
            default -> new KeywordCost(Grows.WITH_MEMBERS, fixed);
        };
    }

    /** Names that a keyword lists for each of its members, as {@code dependentRequired} does. */
    private static long listed(JsonNode limit) {
        return limit.isObject()
                ? limit.valueStream().filter(JsonNode::isArray).mapToLong(JsonNode::size).sum()
                : 0;
    }

    long of(JsonNode node, ExecutionContext context, NodePath location) {
        return fixed
                + switch (grows) {
                    case WITH_MEMBERS -> PER_MEMBER * node.size() + ofNumber(node);
                    case WITH_ALL_NODES -> compared(node);
                    case WITH_LENGTH -> node.stringValue("").length() / CHARACTERS_PER_UNIT;
                    case WITH_ANNOTATIONS -> annotations(context, location) * (node.size() + 1L);
                };
    }

    /** Every annotation of the place may list every member of the value. */
    private static long annotations(ExecutionContext context, NodePath location) {
        return PER_MEMBER
                * context.getAnnotations().asMap().getOrDefault(location, List.of()).size();
    }

    /** Numbers beyond a long are calculated with as decimals, digit by digit. */
    static long ofNumber(JsonNode node) {
        if (node.isBigInteger()) {
            return node.bigIntegerValue().bitLength();
        }
        return node.isBigDecimal()
                ? node.asString().length() + Math.abs(node.decimalValue().scale())
                : 0;
    }

    /** Each node is compared and, in case of a fault, written out. */
    private static long compared(JsonNode node) {
        long cost = PER_COMPARED_NODE + ofNumber(node);
        cost += node.stringValue("").length() / CHARACTERS_PER_UNIT;
        if (node.isContainer()) {
            for (var child : node) {
                cost += compared(child);
            }
        }
        return cost;
    }
}
