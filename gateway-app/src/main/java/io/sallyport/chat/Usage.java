package io.sallyport.chat;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Tokens of one answer as the provider counted them, −1 for unknown. */
record Usage(long prompt, long completion) {
    static final Usage UNKNOWN = new Usage(-1, -1);

    static final String PROMPT = "prompt_tokens";
    static final String COMPLETION = "completion_tokens";

    /** No answer has as many; sums of them are far from the end of 64 bits. */
    private static final long MOST = 1_000_000_000_000L;

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,12}");

    /** Some count as OpenAI does in its other API, or as Anthropic does. */
    static Usage of(JsonNode usage) {
        return new Usage(
                first(usage, PROMPT, "input_tokens"), first(usage, COMPLETION, "output_tokens"));
    }

    private static long first(JsonNode usage, String name, String otherName) {
        var count = count(usage.path(name));
        return count < 0 ? count(usage.path(otherName)) : count;
    }

    /** A whole number, written as one or as a text of digits; −1 for everything else. */
    static long count(JsonNode leaf) {
        if (leaf.isString()) {
            var text = leaf.stringValue();
            return DIGITS.matcher(text).matches() ? Long.parseLong(text) : -1;
        }
        var number = leaf.isNumber() ? leaf.asDouble(-1) : -1;
        return number >= 0 && number <= MOST && number == Math.rint(number) ? (long) number : -1;
    }

    boolean isWhole() {
        return prompt >= 0 && completion >= 0;
    }
}
