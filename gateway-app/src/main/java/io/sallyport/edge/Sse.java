package io.sallyport.edge;

import java.nio.charset.StandardCharsets;

/**
 * Server-sent events as bytes (HTML Living Standard, section 9.2): unnamed, one {@code data} field,
 * nothing that clients stumble on.
 */
public final class Sse {
    private static final byte[] KEEP_ALIVE = utf8(": keep-alive\n\n");

    private static final byte[] DATA = utf8("data: ");

    private Sse() {}

    /** Keeps the connection alive; every parser skips comments. */
    public static byte[] keepAlive() {
        return KEEP_ALIVE.clone();
    }

    /** An event whose payload has no line breaks. */
    public static byte[] event(byte[] payload) {
        var event = new byte[DATA.length + payload.length + 2];
        System.arraycopy(DATA, 0, event, 0, DATA.length);
        System.arraycopy(payload, 0, event, DATA.length, payload.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }

    /** An event whose payload may have lines. */
    public static byte[] event(String payload) {
        var lines = payload.indexOf('\n') < 0 ? payload : payload.replace("\n", "\ndata: ");
        return utf8("data: " + lines + "\n\n");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
