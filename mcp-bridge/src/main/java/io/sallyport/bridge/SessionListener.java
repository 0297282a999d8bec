package io.sallyport.bridge;

import tools.jackson.databind.JsonNode;

/**
 * Hears what a server logs in a session of its principal beside the calls of that session: later
 * than a call that made it do so, or for a reason of its own. Called on the wire's threads: an
 * implementation must not block.
 */
public interface SessionListener {
    /** Whether somebody hears it now; while nobody does, the server need not be listened to. */
    boolean isListening();

    /**
     * @param params of a log notification, as sent
     */
    void logged(JsonNode params);
}
