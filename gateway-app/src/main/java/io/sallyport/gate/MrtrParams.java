package io.sallyport.gate;

import io.sallyport.bridge.Continuation;
import io.sallyport.bridge.Continued;
import io.sallyport.catalog.CanonicalJson;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What a leg that brings answers has besides the first one (MCP 2026-07-28, multi round-trip). */
final class MrtrParams {
    private MrtrParams() {}

    /** The canonical bytes of {@code params}, to which the answers are added if there are any. */
    static byte[] params(ObjectNode params, Optional<Continued> continued) {
        continued.ifPresent(it -> {
            params.set("inputResponses", it.responses());
            state(it.continuation()).ifPresent(state -> params.put("requestState", state));
        });
        return CanonicalJson.write(params);
    }

    private static Optional<String> state(Continuation continuation) {
        return switch (continuation) {
            case Continuation.State(var requestState) -> requestState;
            case Continuation.Parked _ -> Optional.empty();
        };
    }
}
