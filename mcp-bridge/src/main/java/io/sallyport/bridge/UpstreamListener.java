package io.sallyport.bridge;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Hears what a server says while it works on one request. Called on the wire's threads, in order,
 * never after the request's reply: an implementation must not block.
 */
public interface UpstreamListener {
    UpstreamListener SILENT = silent(AnswerRoom.UNCOUNTED);

    /** Hears nothing; what comes counts in {@code room}. */
    static UpstreamListener silent(AnswerRoom room) {
        return new UpstreamListener() {
            @Override
            public void notified(String method, JsonNode params) {
                // nobody listens
            }

            @Override
            public void refused(String method) {
                // nobody listens
            }

            @Override
            public AnswerRoom room() {
                return room;
            }
        };
    }

    /**
     * A notification that belongs to the request.
     *
     * @param params as sent, without a progress token of ours
     */
    void notified(String method, JsonNode params);

    /**
     * The server asked for something that was not on offer ({@code sampling/createMessage} and the
     * like) and was told so.
     */
    void refused(String method);

    /** Who hears what the server goes on to log in the session of the request, if anybody does. */
    default Optional<SessionListener> beyond() {
        return Optional.empty();
    }

    /** Where the messages that come count until the reply was handed on. */
    default AnswerRoom room() {
        return AnswerRoom.UNCOUNTED;
    }
}
