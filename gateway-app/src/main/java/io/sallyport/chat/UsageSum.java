package io.sallyport.chat;

import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Usage over all rounds of a run: every numeric leaf is summed, details included. */
final class UsageSum {
    private final ObjectNode sum = JsonNodeFactory.instance.objectNode();
    private boolean partial;

    void add(Optional<ObjectNode> usage) {
        usage.ifPresentOrElse(it -> add(sum, it), () -> partial = true);
    }

    private static void add(ObjectNode sum, ObjectNode usage) {
        for (var member : usage.properties()) {
            var name = member.getKey();
            switch (member.getValue()) {
                case ObjectNode details -> add(child(sum, name), details);
                case JsonNode number when number.isIntegralNumber() ->
                        sum.put(name, sum.path(name).asLong(0) + number.asLong(0));
                case JsonNode number when number.isNumber() ->
                        sum.put(name, decimal(sum.path(name)).add(decimal(number)));
                case JsonNode _ -> {} // texts and lists do not add up
            }
        }
    }

    private static BigDecimal decimal(JsonNode number) {
        return number.isNumber() ? number.decimalValue() : BigDecimal.ZERO;
    }

    private static ObjectNode child(ObjectNode sum, String name) {
        return Members.object(sum, name).orElseGet(() -> sum.putObject(name));
    }

    /** Whether a round gave no usage, so that the sum is too low. */
    boolean isPartial() {
        return partial;
    }

    /** The sum, or empty if no round gave any. */
    Optional<ObjectNode> tree() {
        return sum.isEmpty() ? Optional.empty() : Optional.of(withTotals());
    }

    private ObjectNode withTotals() {
        var tree = sum.deepCopy();
        tree.put("prompt_tokens", tokens("prompt_tokens"));
        tree.put("completion_tokens", tokens("completion_tokens"));
        if (!tree.has("total_tokens")) {
            tree.put("total_tokens", tokens("prompt_tokens") + tokens("completion_tokens"));
        }
        return tree;
    }

    /** What is known of a leaf, 0 for nothing. */
    long tokens(String name) {
        return sum.path(name).asLong(0);
    }

    /** What is known of a leaf, −1 if no round gave any usage. */
    long tokensOrUnknown(String name) {
        return sum.isEmpty() ? -1 : tokens(name);
    }
}
