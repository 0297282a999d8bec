package io.sallyport.gate;

import io.sallyport.catalog.Relay;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an upstream is told that it may ask for: what the client can do and the server's settings
 * let pass. Made of known names only, so that nothing of the client's own text reaches an upstream
 * and there are few different sets, since each may cost a session.
 */
final class Declared {
    private static final Map<String, Relay> METHODS =
            Map.of(
                    "elicitation/create", Relay.ELICITATION,
                    "sampling/createMessage", Relay.SAMPLING,
                    "roots/list", Relay.ROOTS);

    private Declared() {}

    /** A ClientCapabilities object. */
    static ObjectNode of(AdmittedCall call) {
        return ClientCapabilities.known(
                call.context().client().capabilities(), call.server().relay());
    }

    /** The first method among {@code inputRequests} that the upstream was not told it may use. */
    static Optional<String> unasked(AdmittedCall call, JsonNode inputRequired) {
        var declared = of(call);
        return inputRequired
                .path("inputRequests")
                .valueStream()
                .map(it -> it.path("method").asString(""))
                .filter(it -> !mayAsk(declared, it))
                .findFirst();
    }

    private static boolean mayAsk(ObjectNode declared, String method) {
        var kind = METHODS.get(method);
        return kind != null && declared.has(kind.code());
    }
}
