package io.sallyport.upstream.session;

import io.sallyport.bridge.Envelope;
import io.sallyport.catalog.CanonicalJson;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * Whose session it is and what was declared in it.
 *
 * @param capabilities canonical text of a ClientCapabilities object
 */
record SessionKey(String principal, String capabilities) {
    private static final String NOTHING = "{}";

    /** The session in which probing and listing happen; no principal has an empty name. */
    static final SessionKey OWN = new SessionKey("", NOTHING);

    static SessionKey of(Envelope envelope) {
        return new SessionKey(envelope.session(), text(envelope.capabilities()));
    }

    boolean isSamePrincipal(SessionKey other) {
        return principal.equals(other.principal);
    }

    private static String text(JsonNode capabilities) {
        return capabilities.isEmpty()
                ? NOTHING
                : new String(CanonicalJson.write(capabilities), StandardCharsets.UTF_8);
    }
}
