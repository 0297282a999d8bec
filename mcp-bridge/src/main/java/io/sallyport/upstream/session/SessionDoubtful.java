package io.sallyport.upstream.session;

import io.sallyport.bridge.UpstreamReply;

/** The server refused a request in a way that may mean that it does not know the session. */
final class SessionDoubtful extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Session session;
    private final transient UpstreamReply answer;

    /**
     * @param answer what it said, whatever it means
     */
    SessionDoubtful(Session session, UpstreamReply answer) {
        super("session doubtful", null, false, false);
        this.session = session;
        this.answer = answer;
    }

    Session session() {
        return session;
    }

    UpstreamReply answer() {
        return answer;
    }
}
