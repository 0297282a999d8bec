package io.sallyport.upstream.session;

/** The server does not know the session any more (404), so it did not look at the request. */
final class SessionGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Session session;

    SessionGone(Session session) {
        super("session gone", null, false, false);
        this.session = session;
    }

    Session session() {
        return session;
    }
}
