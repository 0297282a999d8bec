package io.sallyport.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A connection on which a test says exactly what it means, however wrong it is. */
final class RawConnection implements AutoCloseable {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] \\d{3} ");
    private static final int PATIENCE_MILLIS = 15_000;

    private final Socket socket;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    static RawConnection to(URI gateway) {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new RawConnection(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text on a new connection and reads until it is closed. */
    static Answer exchange(URI gateway, String text) {
        try (var connection = to(gateway)) {
            connection.send(text);
            return connection.rest();
        }
    }

    /**
     * Everything that came.
     *
     * @param closed whether the gateway ended it
     */
    record Answer(String text, boolean closed) {
        int status() {
            return text.isEmpty() ? 0 : Integer.parseInt(text.substring(9, 12));
        }

        long count() {
            return STATUS_LINE.matcher(text).results().count();
        }
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True unless the gateway has reset the connection. */
    boolean sends(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Reads until the gateway closes the connection, or patience ends. */
    Answer rest() {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        try {
            for (int size = read(buffer); size >= 0; size = read(buffer)) {
                text.append(new String(buffer, 0, size, StandardCharsets.ISO_8859_1));
            }
            return new Answer(text.toString(), true);
        } catch (SocketTimeoutException _) {
            return new Answer(text.toString(), false);
        } catch (IOException _) {
            return new Answer(text.toString(), true);
        }
    }

    private int read(byte[] buffer) throws IOException {
        return socket.getInputStream().read(buffer);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
