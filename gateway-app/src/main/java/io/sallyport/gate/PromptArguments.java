package io.sallyport.gate;

import java.util.HashSet;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The arguments of prompts/get against what the prompt declares (MCP, GetPromptRequest). */
final class PromptArguments {
    private PromptArguments() {}

    /**
     * What is wrong, by the name of the argument and never with its value; empty if nothing is.
     *
     * @param descriptor the prompt as listed
     * @param arguments as requested, missing if none were given
     */
    static Optional<String> violation(JsonNode descriptor, JsonNode arguments) {
        if (!arguments.isMissingNode() && !arguments.isObject()) {
            return Optional.of("The arguments must be one JSON object.");
        }
        var declared = new HashSet<String>();
        for (var argument : descriptor.path("arguments")) {
            var name = argument.path("name").asString("");
            declared.add(name);
            if (argument.path("required").asBoolean(false) && !arguments.has(name)) {
                return Optional.of("An argument is missing: " + name);
            }
        }
        return arguments
                .propertyStream()
                .filter(it -> !declared.contains(it.getKey()) || !it.getValue().isString())
                .findFirst()
                .map(it -> sentence(it.getKey(), declared.contains(it.getKey())));
    }

    private static String sentence(String name, boolean known) {
        return known
                ? "An argument must be a string: " + name
                : "An argument is not declared by the prompt.";
    }
}
