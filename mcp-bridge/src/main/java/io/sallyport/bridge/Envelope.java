package io.sallyport.bridge;

import io.sallyport.egress.Header;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What goes around a request: for whom, and what may come back besides its answer.
 *
 * @param session key of the upstream session to use where there are sessions, one for each
 *     principal, or {@link #SHARED}
 * @param name what the request is about, for {@code Mcp-Name}: a tool, a prompt or a URI
 * @param capabilities what is declared to the server for this request, a ClientCapabilities object:
 *     only what the caller declared and may be relayed
 * @param progress whether the server is asked for progress
 * @param logLevel the level from which the caller wants log notifications, if at all
 * @param paramHeaders the {@code Mcp-Param-*} headers that the tool's schema asks for
 * @param continued the answers that this leg brings, absent on a first leg
 */
public record Envelope(
        String session,
        Optional<String> name,
        JsonNode capabilities,
        boolean progress,
        Optional<String> logLevel,
        List<Header> paramHeaders,
        UpstreamListener listener,
        Optional<Continued> continued) {
    /** The session that belongs to no principal; no principal has an empty name. */
    public static final String SHARED = "";

    public Envelope {
        paramHeaders = List.copyOf(paramHeaders);
    }

    /** Nothing but the answer is wanted. */
    public static Envelope plain(String session) {
        return plain(session, AnswerRoom.UNCOUNTED);
    }

    /** The same, and what comes counts in {@code room}. */
    public static Envelope plain(String session, AnswerRoom room) {
        return new Envelope(
                session,
                Optional.empty(),
                JsonNodeFactory.instance.objectNode(),
                false,
                Optional.empty(),
                List.of(),
                UpstreamListener.silent(room),
                Optional.empty());
    }

    /** The same, about the thing of that name. */
    public Envelope about(String thing) {
        return new Envelope(
                session,
                Optional.of(thing),
                capabilities,
                progress,
                logLevel,
                paramHeaders,
                listener,
                continued);
    }
}
