package io.sallyport.samples.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events to one client; each leaves at once, whichever thread sends it. A client that
 * is gone shows as {@link UncheckedIOException}.
 */
public final class EventStream implements AutoCloseable {

    private final OutputStream bytes;

    EventStream(OutputStream bytes) {
        this.bytes = bytes;
    }

    public void send(JsonNode message) {
        write("data: " + message + "\n\n");
    }

    /** Sends a message that {@code Last-Event-ID} can name. */
    public void send(String id, JsonNode message) {
        write("id: " + id + "\ndata: " + message + "\n\n");
    }

    /** Sends an event without a message, from which a client may resume after {@code retry}. */
    public void prime(String id, Duration retry) {
        write("id: " + id + "\nretry: " + retry.toMillis() + "\ndata: \n\n");
    }

    /** Sends what every client ignores: that is how a server notices that its client is gone. */
    public void comment() {
        write(": still here\n\n");
    }

    /** Sends {@code text} as it is, valid or not. */
    public synchronized void write(String text) {
        try {
            bytes.write(text.getBytes(StandardCharsets.UTF_8));
            bytes.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public synchronized void close() {
        try {
            bytes.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
