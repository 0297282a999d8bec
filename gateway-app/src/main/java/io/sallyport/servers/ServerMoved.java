package io.sallyport.servers;

/** The server that was meant is another by now: it is elsewhere, or shown another secret. */
final class ServerMoved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerMoved() {
        super("the server was changed", null, false, false);
    }
}
