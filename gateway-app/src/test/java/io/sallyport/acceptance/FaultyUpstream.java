package io.sallyport.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** An MCP server on bare sockets, for what an HTTP server would not do: it breaks every call. */
final class FaultyUpstream implements AutoCloseable {
    /** What happens when a call comes. */
    enum Fault {
        NONE,
        /** 404 in a session, −32022 outside of one. */
        DECLINES,
        /** The connection is reset before anything of the call is read. */
        RESETS_BEFORE,
        RESETS_AFTER,
        CLOSES_AFTER,
        CUTS_THE_BODY,
        BAD_GATEWAY,
        UNAVAILABLE,
        UNAUTHORIZED,
        FORBIDDEN,
        TOO_MANY_REQUESTS,
        REDIRECTS,
        ACCEPTS_ONLY,
        HAS_NO_CONTENT,
        SAYS_HTML,
        BROKEN_JSON,
        COMPRESSED,
        TOO_LARGE,
        NO_ENVELOPE,
        RESULT_IS_A_LIST,
        EMPTY_STREAM,
        RPC_ERROR,
        SILENT,
        /** Every connection is closed as soon as it was used, without a word. */
        CLOSES_IDLE
    }

    private static final String TOOLS =
            """
            {"resultType":"complete","tools":[{"name":"wipe","description":"Wipes.",\
            "inputSchema":{"type":"object"}}]}\
            """;

    private final boolean modern;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger ran = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;

    FaultyUpstream(boolean modern) {
        this.modern = modern;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/mcp");
    }

    void from(Fault next) {
        fault = next;
    }

    /** How many requests for a call came whole. */
    int received() {
        return received.get();
    }

    /** How many of them were not refused. */
    int ran() {
        return ran.get();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException _) {
            end.countDown(); // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (answered(in, socket)) {
                if (fault == Fault.CLOSES_IDLE) {
                    return;
                }
            }
        } catch (IOException | InterruptedException _) {
            // the client left, or the test is over
        }
    }

    /** Whether the connection may be used again. */
    private boolean answered(InputStream in, Socket socket)
            throws IOException, InterruptedException {
        in.mark(1);
        if (in.read() < 0) {
            return false;
        }
        in.reset();
        if (fault == Fault.RESETS_BEFORE) {
            reset(socket);
            return false;
        }
        var head = head(in);
        var body = new String(in.readNBytes(length(head)), UTF_8);
        var out = socket.getOutputStream();
        if (!head.startsWith("POST ")) {
            return write(out, head.startsWith("DELETE ") ? 200 : 405, "", "");
        }
        var message = Reply.parse(body);
        return message.path("method").asString("").equals("tools/call")
                ? called(message.path("id"), socket, out)
                : told(message, out);
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(ISO_8859_1);
            }
        }
        return "";
    }

    private static int length(String head) {
        return head.lines()
                .filter(it -> it.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .mapToInt(it -> Integer.parseInt(it.substring("content-length:".length()).strip()))
                .findFirst()
                .orElse(0);
    }

    private boolean told(JsonNode message, OutputStream out) throws IOException {
        var id = message.path("id");
        return switch (message.path("method").asString("")) {
            case "server/discover" ->
                    modern
                            ? result(out, id, DISCOVERY, "")
                            : write(out, 400, "text/plain", "no session");
            case "initialize" -> result(out, id, GREETING, session());
            case "tools/list" -> result(out, id, TOOLS, "");
            default -> write(out, 202, "", "");
        };
    }

    private static final String DISCOVERY =
            """
            {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}\
            """;
    private static final String GREETING =
            """
            {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},\
            "serverInfo":{"name":"faulty","version":"1"}}\
            """;

    private String session() {
        return "Mcp-Session-Id: s-" + sessions.incrementAndGet() + "\r\n";
    }

    private boolean called(JsonNode id, Socket socket, OutputStream out)
            throws IOException, InterruptedException {
        received.incrementAndGet();
        if (fault == Fault.DECLINES) {
            return modern
                    ? write(out, 400, "application/json", UNSUPPORTED)
                    : write(out, 404, "", "");
        }
        ran.incrementAndGet();
        switch (fault) {
            case NONE, CLOSES_IDLE, RESETS_BEFORE, DECLINES -> {
                return result(out, id, "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}", "");
            }
            case RESETS_AFTER -> reset(socket);
            case CLOSES_AFTER -> socket.close();
            case CUTS_THE_BODY -> {
                out.write(head(200, "application/json", 1_000, "").getBytes(UTF_8));
                out.write("{\"jsonrpc\":".getBytes(UTF_8));
                out.flush();
            }
            case BAD_GATEWAY -> write(out, 502, "text/html", "<p>bad gateway");
            case UNAVAILABLE -> write(out, 503, "", "");
            case UNAUTHORIZED -> write(out, 401, "", "");
            case FORBIDDEN -> write(out, 403, "text/plain", "no");
            case TOO_MANY_REQUESTS -> write(out, 429, "", "");
            case REDIRECTS -> out.write(head(302, "", 0, "Location: /login\r\n").getBytes(UTF_8));
            case ACCEPTS_ONLY -> write(out, 202, "", "");
            case HAS_NO_CONTENT -> out.write("HTTP/1.1 204 X\r\n\r\n".getBytes(UTF_8));
            case SILENT -> end.await(60, TimeUnit.SECONDS);
            default -> write(out, 200, type(), answer(id));
        }
        return false;
    }

    private String type() {
        return switch (fault) {
            case SAYS_HTML -> "text/html";
            case EMPTY_STREAM -> "text/event-stream";
            case COMPRESSED -> "application/json\r\nContent-Encoding: gzip";
            default -> "application/json";
        };
    }

    /** A whole body, which is not the result of a call. */
    private String answer(JsonNode id) {
        var open = "{\"jsonrpc\":\"2.0\",\"id\":" + id;
        return switch (fault) {
            case SAYS_HTML -> "<html><body>Please sign in.</body></html>";
            case BROKEN_JSON -> open + ",\"result\":{";
            case COMPRESSED -> "\u001f\u008b not really";
            case TOO_LARGE -> open + ",\"result\":{\"a\":\"" + "x".repeat(5 << 20) + "\"}}";
            case NO_ENVELOPE -> "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
            case RESULT_IS_A_LIST -> open + ",\"result\":[]}";
            case EMPTY_STREAM -> ": nothing\n\n";
            case RPC_ERROR -> open + ",\"error\":{\"code\":-32603,\"message\":\"no space\"}}";
            default -> throw new IllegalStateException(fault.name());
        };
    }

    private static final String UNSUPPORTED =
            """
            {"jsonrpc":"2.0","id":null,"error":{"code":-32022,"message":"no",\
            "data":{"supported":["2026-07-28"],"requested":"2026-07-28"}}}\
            """;

    /** Closing with data unread, or at once, is a reset. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static boolean result(OutputStream out, JsonNode id, String result, String headers)
            throws IOException {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result);
        out.write(head(200, "application/json", body.length(), headers).getBytes(UTF_8));
        out.write(body.getBytes(UTF_8));
        out.flush();
        return true;
    }

    private static boolean write(OutputStream out, int status, String type, String body)
            throws IOException {
        out.write((head(status, type, body.length(), "") + body).getBytes(UTF_8));
        out.flush();
        return true;
    }

    private static String head(int status, String type, int length, String headers) {
        return "HTTP/1.1 "
                + status
                + " X\r\n"
                + headers
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                + "Content-Length: "
                + length
                + "\r\n\r\n";
    }

    @Override
    public void close() {
        end.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
