package io.sallyport.gate;

import io.sallyport.bridge.UpstreamListener;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
 * @param gone whether the client has left, so that nothing new is begun for it
 */
public record ClientContext(
        JsonNode capabilities,
        boolean progress,
        Optional<String> logLevel,
        UpstreamListener listener,
        BooleanSupplier gone) {
    /** One who only waits for the answer. */
    public static final ClientContext SILENT = silent(() -> false);

    /** One who only waits for the answer, as long as it is not gone. */
    public static ClientContext silent(BooleanSupplier gone) {
        return silent(JsonNodeFactory.instance.objectNode(), gone);
    }

    /** One who can do that in its calls, and now only waits. */
    public static ClientContext silent(JsonNode capabilities) {
        return silent(capabilities, () -> false);
    }

    private static ClientContext silent(JsonNode capabilities, BooleanSupplier gone) {
        return new ClientContext(
                capabilities, false, Optional.empty(), UpstreamListener.SILENT, gone);
    }
}
