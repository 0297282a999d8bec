package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One requested prompts/get.
 *
 * @param name as the server names it
 * @param arguments a tree that the strict reader made, missing if none were given
 */
public record PromptGet(String name, JsonNode arguments, Optional<Continued> continued)
        implements ContentCall {
    @Override
    public String method() {
        return "prompts/get";
    }

    /** Arguments never show in a log. */
    @Override
    public String toString() {
        return "PromptGet[" + name + "]";
    }
}
