package io.sallyport.chat;

import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Usage over all rounds of a run: every numeric leaf is summed, details included, and so are tokens
 * that are counted in texts.
 */
final class UsageSum {
    private static final String TOKENS = "tokens";
    private static final String TOTAL = "total_tokens";

    private final ObjectNode sum = JsonNodeFactory.instance.objectNode();
    private boolean partial;

    void add(Optional<ObjectNode> usage) {
        usage.ifPresentOrElse(this::add, () -> partial = true);
    }

    private void add(ObjectNode usage) {
        var counted = Usage.of(usage);
        partial = partial || !counted.isWhole();
        add(sum, usage);
        addMissing(usage, Usage.PROMPT, counted.prompt());
        addMissing(usage, Usage.COMPLETION, counted.completion());
        addMissing(usage, TOTAL, counted.isWhole() ? counted.prompt() + counted.completion() : -1);
    }

    /** What the round does not say under this name, but under others. */
    private void addMissing(ObjectNode usage, String name, long count) {
        if (Usage.count(usage.path(name)) < 0) {
            addCount(sum, name, count);
        }
    }

    /** −1 adds nothing. */
    private static void addCount(ObjectNode sum, String name, long count) {
        if (count >= 0) {
            sum.put(name, sum.path(name).asLong(0) + count);
        }
    }

    private static void add(ObjectNode sum, ObjectNode usage) {
        for (var member : usage.properties()) {
            var name = member.getKey();
            switch (member.getValue()) {
                case ObjectNode details -> add(child(sum, name), details);
                case JsonNode count when name.endsWith(TOKENS) ->
                        addCount(sum, name, Usage.count(count));
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

    /** Whether a round did not say what it had cost, or half of it: the sum is too low. */
    boolean isPartial() {
        return partial;
    }

    /** The sum, or empty if no round gave any. */
    Optional<ObjectNode> tree() {
        return sum.isEmpty() ? Optional.empty() : Optional.of(withTotals());
    }

    private ObjectNode withTotals() {
        var tree = sum.deepCopy();
        tree.put(Usage.PROMPT, tokens(Usage.PROMPT));
        tree.put(Usage.COMPLETION, tokens(Usage.COMPLETION));
        if (!tree.has(TOTAL)) {
            tree.put(TOTAL, tokens(Usage.PROMPT) + tokens(Usage.COMPLETION));
        }
        return tree;
    }

    /** What is known of a leaf, 0 for nothing: clients want a number. */
    private long tokens(String name) {
        return sum.path(name).asLong(0);
    }

    /** What is known of a leaf, −1 if no round gave it. */
    long tokensOrUnknown(String name) {
        return sum.path(name).asLong(-1);
    }
}
