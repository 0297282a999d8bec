package io.sallyport.gate;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The shape of completion/complete (MCP, CompleteRequest). */
final class CompletionParams {
    private static final Set<String> ARGUMENT = Set.of("name", "value");

    private CompletionParams() {}

    /** What is wrong, never with a value; empty if nothing is. */
    static Optional<String> violation(JsonNode params) {
        var argument = params.path("argument");
        if (!argument.isObject()
                || !ARGUMENT.equals(Set.copyOf(argument.propertyNames()))
                || !areTexts(argument)) {
            return Optional.of("argument must have a name and a value, both strings.");
        }
        var context = params.path("context");
        return context.isMissingNode() || isContext(context)
                ? Optional.empty()
                : Optional.of("context must have arguments whose values are strings.");
    }

    private static boolean isContext(JsonNode context) {
        var arguments = context.path("arguments");
        return context.isObject()
                && Set.of("arguments").containsAll(context.propertyNames())
                && (arguments.isMissingNode() || arguments.isObject() && areTexts(arguments));
    }

    private static boolean areTexts(JsonNode object) {
        return object.valueStream().allMatch(JsonNode::isString);
    }
}
