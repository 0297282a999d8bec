package io.sallyport.gate;

import io.sallyport.bridge.UpstreamListener;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the other side of a face can do while its call runs.
 *
 * @param capabilities the client's ClientCapabilities object; what the server's settings do not let
 *     pass is left out before an upstream sees it
 * @param progress whether the client wants to hear of progress
 * @param logLevel the level from which the client wants log notifications, if at all
 * @param listener hears what the upstream says meanwhile
 */
public record Peer(
        JsonNode capabilities,
        boolean progress,
        Optional<String> logLevel,
        UpstreamListener listener) {
    /** One who only waits for the answer. */
    public static final Peer SILENT =
            new Peer(
                    JsonNodeFactory.instance.objectNode(),
                    false,
                    Optional.empty(),
                    UpstreamListener.SILENT);
}
