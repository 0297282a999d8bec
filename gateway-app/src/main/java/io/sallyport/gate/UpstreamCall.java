package io.sallyport.gate;

import io.sallyport.bridge.Continued;
import java.util.Optional;

/** Everything that may reach an upstream; each kind passes the same ten steps. */
public sealed interface UpstreamCall permits ToolCall, ContentCall {
    /** The MCP method that carries it. */
    String method();

    /** What is called, by the name under which the caller knows it. */
    String name();

    /** The answers that this leg brings to an upstream that asked; absent on a first leg. */
    Optional<Continued> continued();
}
