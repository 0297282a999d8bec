package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One requested tools/call.
 *
 * @param name the tool's name as it was offered to the caller: an alias, or the server's own name
 */
public record ToolCall(String name, Arguments arguments, Optional<Continued> continued)
        implements UpstreamCall {
    /** A call whose arguments are still text, as a model wrote them. */
    public ToolCall(String name, byte[] arguments) {
        this(name, new Arguments.Written(arguments), Optional.empty());
    }

    @Override
    public String method() {
        return "tools/call";
    }

    /** The gate alone decides what counts as one valid object. */
    public sealed interface Arguments {
        /** UTF-8 JSON text, not yet read. */
        @SuppressWarnings("ArrayRecordComponent") // read once, never compared
        record Written(byte[] text) implements Arguments {}

        /** A tree that the strict reader made. */
        record Read(JsonNode tree) implements Arguments {}
    }

    /** Arguments never show in a log. */
    @Override
    public String toString() {
        return "ToolCall[" + name + "]";
    }
}
