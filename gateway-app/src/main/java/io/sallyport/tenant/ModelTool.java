package io.sallyport.tenant;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What models read of one tool.
 *
 * @param function shared by all requests, never to be modified; empty if it cannot be written
 * @param bytes of its JSON
 */
public record ModelTool(Optional<ObjectNode> function, int bytes) {
    /** Of a tool that cannot be written for models. */
    public static final ModelTool NONE = new ModelTool(Optional.empty(), 0);
}
