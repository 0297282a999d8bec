package io.sallyport.upstream.session;

/** The server refused a request in a way that may mean that it does not know the session. */
final class SessionDoubtful extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Session session;

    SessionDoubtful(Session session) {
        super("session doubtful", null, false, false);
        this.session = session;
    }

    Session session() {
        return session;
    }
}
