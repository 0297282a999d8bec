package io.sallyport.chat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that sends a request and may leave at any moment: {@link #close} resets. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final URI url;

    RawClient(URI url) throws IOException {
        this.url = url;
        socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(10_000);
        socket.setSoLinger(true, 0);
    }

    /**
     * @param headers further ones, each with its line's end
     */
    void post(String path, String body, String... headers) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head =
                "POST %s%s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n%s\r\n"
                        .formatted(
                                url.getPath(),
                                path,
                                url.getAuthority(),
                                bytes.length,
                                String.join("", headers));
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Reads until {@code text} was seen. */
    String readUntil(String text) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the stream ended first");
            }
            seen.append((char) next);
        }
        return seen.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
