package io.sallyport.chat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** A provider that answers every request with these bytes, head and all, and hangs up. */
final class RawSocket implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] answer;

    private RawSocket(byte[] answer) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        this.answer = answer.clone();
        Thread.ofVirtual().start(this::serve);
    }

    static RawSocket answering(byte[] answer) throws IOException {
        return new RawSocket(answer);
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                readRequest(socket);
                socket.getOutputStream().write(answer);
                socket.shutdownOutput();
                while (socket.getInputStream().read() >= 0) {
                    // the client closes
                }
            } catch (IOException e) {
                // closed by the test, or by the client
            }
        }
    }

    /** To the end of the body, which is one JSON object. */
    private static void readRequest(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.append((char) next);
        }
        var length = head.toString().replaceAll("(?is).*content-length: *([0-9]+).*", "$1");
        in.readNBytes(Integer.parseInt(length));
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/v1");
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
